-- code: SW09STG2
-- message: Social worker episode appears to have lasted for less than 24 hours.
-- fields: SW_DECOM, SW_DEC
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Check both dates and correct whichever is wrong; DfE expects no episode of less than
--     three days.
-- logic: SW_DEC is less than three days after SW_DECOM.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where sw_dec - sw_decom < 3
