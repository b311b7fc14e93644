-- code: 102
-- message: Date of birth is not a valid date.
-- fields: DOB
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Give DOB as dd/mm/yyyy, with four digits for the year and a day that exists.
-- logic: DOB is blank or no date in dd/mm/yyyy.
select
    'Header' as table_name,
    data_row
from header
where dob is null
