-- code: 119
-- message: If the decision is made that a child should no longer be placed for adoption, then the
--     date of this decision and the reason why this decision was made must be completed.
-- fields: REASON_PLACED_CEASED, DATE_PLACED_CEASED
-- tables: PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Give both DATE_PLACED_CEASED and REASON_PLACED_CEASED, or clear both where the child
--     is still to be placed.
-- logic: Of DATE_PLACED_CEASED and REASON_PLACED_CEASED one is given and the other is blank.
select
    'PlacedAdoption' as table_name,
    data_row
from placed_adoption
where (date_placed_ceased__text is null) != (reason_placed_ceased is null)
