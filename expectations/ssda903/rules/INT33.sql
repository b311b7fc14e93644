-- code: INT33
-- message: Internal Check: Child should only exist once in OC2.
-- fields: CHILD
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Keep one row for the child in OC2; merge or delete the others, or correct CHILD where
--     they belong to another child.
-- logic: The child has more than one row in OC2.
select
    'OC2' as table_name,
    data_row
from oc2
where child is not null
qualify count(*) over (partition by child) > 1
