-- code: INT07
-- message: Internal Check: Child in PrevPerm does not exist in Header.
-- fields: CHILD
-- tables: PrevPerm, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in PrevPerm if it is mistyped; take the row
--     out if the child does not belong in this return.
-- logic: The CHILD of a row of PrevPerm is not in Header.
select
    'PrevPerm' as table_name,
    prev_perm.data_row
from prev_perm
anti join header on prev_perm.child = header.child
