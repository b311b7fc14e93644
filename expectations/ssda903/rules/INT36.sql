-- code: INT36
-- message: Internal Check: Child should only exist once in UASC.
-- fields: CHILD
-- tables: UASC
-- years: 2023-
-- severity: fix
-- how_to_fix: Keep one row for the child in UASC; merge or delete the others, or correct CHILD
--     where they belong to another child.
-- logic: The child has more than one row in UASC.
select
    'UASC' as table_name,
    data_row
from uasc
where child is not null
qualify count(*) over (partition by child) > 1
