-- code: SW08STG2
-- message: A new social worker episode has started, but the previous episode has not ended.
-- fields: SW_DEC
-- tables: SWEpisodes
-- years: 2024-
-- severity: fix
-- how_to_fix: Give SW_DEC of the earlier social worker episode, or correct its SW_DECOM.
-- logic: SW_DECOM is given, SW_DEC is blank or no date, and the child has a social worker episode
--     after this one.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes_in_order
where
    sw_decom is not null
    and sw_dec is null
    and has_one_after
