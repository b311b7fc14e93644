-- code: INT32
-- message: Internal Check: Child should only exist once in Header.
-- fields: CHILD
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Keep one row for the child in Header; if the rows are of two children, give each its
--     own identifier.
-- logic: The same CHILD stands in more than one row of Header.
select
    'Header' as table_name,
    data_row
from header
where child is not null
qualify count(*) over (partition by child) > 1
