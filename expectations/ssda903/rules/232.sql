-- code: 232
-- message: Sex of the child/young person has been reported as unknown.
-- fields: SEX
-- tables: Header
-- years: 2025-
-- severity: fix
-- how_to_fix: Find out the child's sex and give M or F in place of U.
-- logic: SEX is U.
select
    'Header' as table_name,
    data_row
from header
where upper(sex) = 'U'
