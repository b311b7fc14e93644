-- code: SW14STG2
-- message: Social worker episode date ceased is blank.
-- fields: SW_DEC
-- tables: SWEpisodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Give SW_DEC for every social worker episode of the child but the latest.
-- logic: SW_DEC is blank or no date, and the child has a social worker episode after this one.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes_in_order
where sw_dec is null and has_one_after
