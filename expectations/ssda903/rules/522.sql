-- code: 522
-- message: Date of decision that the child should be placed for adoption must be on or before the
--     date that a child should no longer be placed for adoption.
-- fields: DATE_PLACED, DATE_PLACED_CEASED
-- tables: PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Check both dates and correct whichever is wrong; the decision to place (DATE_PLACED)
--     comes first.
-- logic: DATE_PLACED_CEASED is before DATE_PLACED.
select
    'PlacedAdoption' as table_name,
    data_row
from placed_adoption
where date_placed_ceased < date_placed
