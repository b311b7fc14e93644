-- code: INT06
-- message: Internal Check: Child in OC3 does not exist in Header.
-- fields: CHILD
-- tables: OC3, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in OC3 if it is mistyped; take the row out
--     if the child does not belong in this return.
-- logic: The CHILD of a row of OC3 is not in Header.
select
    'OC3' as table_name,
    oc3.data_row
from oc3
anti join header on oc3.child = header.child
