-- code: INT02
-- message: Internal Check: Child in PlacedAdoption does not exist in Header.
-- fields: CHILD
-- tables: PlacedAdoption, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in PlacedAdoption if it is mistyped; take
--     the row out if the child does not belong in this return.
-- logic: The CHILD of a row of PlacedAdoption is not in Header.
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
anti join header on placed_adoption.child = header.child
