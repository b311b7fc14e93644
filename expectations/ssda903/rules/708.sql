-- code: 708
-- message: Dates of DoLOs are before child’s date of birth.
-- fields: DOLO_START
-- tables: DoLo
-- years: 2027-
-- severity: fix
-- how_to_fix: Check DOLO_START and DOB against the child's record and correct the wrong one.
-- logic: DOLO_START is on or before DOB, as DoLo gives it.
select
    'DoLo' as table_name,
    data_row
from dolo
where dolo_start <= dob
