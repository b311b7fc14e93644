-- code: SW18STG2
-- message: The end date of the social worker episode is before the start date
-- fields: SW_DEC, SW_DECOM
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Check both dates and correct whichever is wrong; the episode ends at least a day
--     after it begins.
-- logic: SW_DEC is on or before SW_DECOM.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where sw_dec <= sw_decom
