-- code: INT09
-- message: Internal Check: Child in UASC does not exist in Header.
-- fields: CHILD
-- tables: UASC, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in UASC if it is mistyped; take the row out
--     if the child does not belong in this return.
-- logic: The CHILD of a row of UASC is not in Header.
select
    'UASC' as table_name,
    uasc.data_row
from uasc
anti join header on uasc.child = header.child
