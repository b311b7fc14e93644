-- code: SW10STG2
-- message: A new social worker episode has started before the end date of the previous social
--     worker episode.
-- fields: SW_DECOM
-- tables: SWEpisodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Check SW_DECOM against SW_DEC of the social worker episode before; they may be seven
--     days apart at most. Correct whichever is wrong.
-- logic: SW_DECOM is not within seven days, before or after, of the SW_DEC of the child's episode
--     before, or either is blank.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes_in_order
where
    has_one_before
    and coalesce(sw_decom not between sw_dec_before - 7 and sw_dec_before + 7, true)
