-- code: 101
-- message: The child or young person’s reported sex is not valid.
-- fields: SEX
-- tables: Header
-- years: 2025-
-- severity: fix
-- how_to_fix: Give SEX as M, F or U; 1 and 2 have not been codes since 2024/25.
-- logic: SEX is blank or none of M, F, U.
select
    'Header' as table_name,
    data_row
from header
where coalesce(sex not in ('M', 'F', 'U'), true)
