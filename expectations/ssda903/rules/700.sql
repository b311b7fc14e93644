-- code: 700
-- message: The start date of the DoLO is not a valid date.
-- fields: DOLO_START
-- tables: DoLo
-- years: 2027-
-- severity: fix
-- how_to_fix: Give DOLO_START as dd/mm/yyyy: the first day of the deprivation of liberty order, as
--     the court order has it.
-- logic: DOLO_START is blank or no date.
select
    'DoLo' as table_name,
    data_row
from dolo
where dolo_start is null
