-- code: INT01
-- message: Data Integrity Check: Child in AD1 does not exist in Header.
-- fields: CHILD
-- tables: AD1, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in AD1 if it was mistyped.
-- logic: No row in Header has the CHILD of the row in AD1.
select
    'AD1' as table_name,
    data_row
from ad1
where not exists (select 1 from header where header.child = ad1.child)
