-- code: INT34
-- message: Internal Check: Child should only exist once in OC3.
-- fields: CHILD
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Keep one row for the young person in OC3; merge or delete the others, or correct
--     CHILD where they belong to another.
-- logic: The child has more than one row in OC3.
select
    'OC3' as table_name,
    data_row
from oc3
where child is not null
qualify count(*) over (partition by child) > 1
