-- code: 101
-- message: Gender code is not valid.
-- fields: SEX
-- tables: Header
-- years: 2023-2024
-- severity: fix
-- how_to_fix: Give SEX as 1 or 2, as recorded in the case management system.
-- logic: SEX is blank or none of 1, 2.
select
    'Header' as table_name,
    data_row
from header
where coalesce(sex not in ('1', '2'), true)
