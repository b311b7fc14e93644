-- code: INT04
-- message: Internal Check: Child in Missing does not exist in Header.
-- fields: CHILD
-- tables: Missing, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in Missing if it is mistyped; take the row
--     out if the child does not belong in this return.
-- logic: The CHILD of a row of Missing is not in Header.
select
    'Missing' as table_name,
    missing.data_row
from missing
anti join header on missing.child = header.child
