-- code: 563
-- message: The child should no longer be placed for adoption but the date of the decision that the
--     child should be placed for adoption is blank
-- fields: DATE_PLACED, REASON_PLACED_CEASED, DATE_PLACED_CEASED
-- tables: PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the date of the decision that the child should be placed (DATE_PLACED), or clear
--     DATE_PLACED_CEASED and REASON_PLACED_CEASED where there was none.
-- logic: DATE_PLACED_CEASED and REASON_PLACED_CEASED are given and DATE_PLACED is blank.
select
    'PlacedAdoption' as table_name,
    data_row
from placed_adoption
where
    date_placed_ceased__text is not null
    and reason_placed_ceased is not null
    and date_placed__text is null
