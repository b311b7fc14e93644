-- code: 586
-- message: Dates of missing periods are before child’s date of birth.
-- fields: MIS_START
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare MIS_START with DOB and correct the one that is wrong.
-- logic: MIS_START is on or before DOB in Missing.
select
    'Missing' as table_name,
    data_row
from missing
where mis_start <= dob
