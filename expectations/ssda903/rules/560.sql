-- code: 560
-- message: Date of decision that the child should be placed for adoption this year is different
--     from that recorded last year but the decision to place the child for adoption did not change.
-- fields: DATE_PLACED, DATE_PLACED_CEASED
-- tables: PlacedAdoption, PlacedAdoption_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DATE_PLACED with last year's return; the decision was not revoked, so the
--     date stays the same. Correct whichever is wrong, or give last year's DATE_PLACED_CEASED.
-- logic: Last year's DATE_PLACED is given, its DATE_PLACED_CEASED is blank, and this year's
--     DATE_PLACED is another or blank.
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
inner join placed_adoption_last on placed_adoption.child = placed_adoption_last.child
where
    placed_adoption_last.date_placed__text is not null
    and placed_adoption_last.date_placed_ceased__text is null
    -- compared as text only where they are no dates
    and coalesce(placed_adoption.date_placed::varchar, placed_adoption.date_placed__text)
    is distinct from
    coalesce(placed_adoption_last.date_placed::varchar, placed_adoption_last.date_placed__text)
