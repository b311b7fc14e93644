-- code: 564
-- message: Child was missing or away from placement without authorisation and the date started is
--     blank.
-- fields: MISSING, MIS_START
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the date in MIS_START, or take the row out if the child was not missing or away.
-- logic: MISSING is M or A and MIS_START is blank.
select
    'Missing' as table_name,
    data_row
from missing
where missing in ('M', 'A') and mis_start__text is null
