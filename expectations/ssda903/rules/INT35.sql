-- code: INT35
-- message: Internal Check: Child should only exist once in PrevPerm.
-- fields: CHILD
-- tables: PrevPerm
-- years: 2023-
-- severity: fix
-- how_to_fix: Keep one row for the child in PrevPerm; merge or delete the others, or correct CHILD
--     where they belong to another child.
-- logic: The child has more than one row in PrevPerm.
select
    'PrevPerm' as table_name,
    data_row
from prev_perm
where child is not null
qualify count(*) over (partition by child) > 1
