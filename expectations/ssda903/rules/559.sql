-- code: 559
-- message: Date of decision that a child should be placed for adoption was not in the current year
--     but the date of the decision that the child should be placed for adoption was not completed
--     in a previous return.
-- fields: DATE_PLACED
-- tables: PlacedAdoption, PlacedAdoption_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DATE_PLACED; if the decision was made before this year, it was to be in last
--     year's return too: correct last year's.
-- logic: DATE_PLACED is before the collection year and the child has no DATE_PLACED, or a row
--     without one, in last year's return.
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
cross join metadata
left join placed_adoption_last on placed_adoption.child = placed_adoption_last.child
where
    placed_adoption.date_placed < metadata.collection_start
    and placed_adoption_last.date_placed is null
