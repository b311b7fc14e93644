-- code: INT05
-- message: Internal Check: Child in OC2 does not exist in Header.
-- fields: CHILD
-- tables: OC2, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in OC2 if it is mistyped; take the row out
--     if the child does not belong in this return.
-- logic: The CHILD of a row of OC2 is not in Header.
select
    'OC2' as table_name,
    oc2.data_row
from oc2
anti join header on oc2.child = header.child
