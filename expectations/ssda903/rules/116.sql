-- code: 116
-- message: Date of Local Authority's (LA) decision that a child should no longer be placed for
--     adoption is not a valid date.
-- fields: DATE_PLACED_CEASED
-- tables: PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Write DATE_PLACED_CEASED as a real date, dd/mm/yyyy, or leave it blank.
-- logic: DATE_PLACED_CEASED is given and is no date.
select
    'PlacedAdoption' as table_name,
    data_row
from placed_adoption
where date_placed_ceased is null and date_placed_ceased__text is not null
