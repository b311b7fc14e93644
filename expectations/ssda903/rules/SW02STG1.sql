-- code: SW02STG1
-- message: Social worker ID does not begin with the characters ‘SW’ or ‘XX’.
-- fields: SW_ID
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Give the social worker's registration number as SW_ID, SW and the digits, or XX and
--     your own number where there is none.
-- logic: SW_ID does not begin with SW or XX, is shorter than four characters, or is blank.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where
    sw_id is null
    or left(sw_id, 2) not in ('SW', 'XX')
    or length(sw_id) < 4
