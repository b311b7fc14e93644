-- code: 567
-- message: The date that the missing episode or episode that the child was away from placement
--     without authorisation ended is before the date that it started.
-- fields: MIS_START, MIS_END
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare MIS_START with MIS_END and correct the one that is wrong.
-- logic: MIS_END is before MIS_START.
select
    'Missing' as table_name,
    data_row
from missing
where mis_end < mis_start
