-- code: 120
-- message: The reason for the reversal of the decision that the child should be placed for adoption
--     code is not valid.
-- fields: REASON_PLACED_CEASED
-- tables: PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Give REASON_PLACED_CEASED as one of RD1 to RD4, or leave it blank where the decision
--     stands.
-- logic: REASON_PLACED_CEASED is given and is none of RD1 to RD4.
select
    'PlacedAdoption' as table_name,
    data_row
from placed_adoption
where reason_placed_ceased not in ('RD1', 'RD2', 'RD3', 'RD4')
