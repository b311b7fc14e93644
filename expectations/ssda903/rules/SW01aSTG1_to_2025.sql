-- code: SW01aSTG1
-- message: For each social worker episode, information should be complete
-- fields: SW_DECOM, SW_ID
-- tables: SWEpisodes
-- years: 2025-2025
-- severity: fix
-- how_to_fix: Give SW_DECOM as a date, dd/mm/yyyy, and the social worker's SW_ID.
-- logic: SW_DECOM is blank or no date, or it is before 1 April 2023 and SW_ID is blank.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where
    sw_decom is null
    or (sw_decom < date '2023-04-01' and sw_id is null)
