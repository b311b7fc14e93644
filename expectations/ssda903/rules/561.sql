-- code: 561
-- message: Date of the decision that the child should be placed for adoption this year is the same
--     as that recorded last year but records show that the decision changed, and the child should
--     no longer be placed for adoption last year.
-- fields: DATE_PLACED
-- tables: PlacedAdoption, PlacedAdoption_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare with last year's return, which says that the decision was revoked. Give the
--     date of the new decision as DATE_PLACED, or correct last year's.
-- logic: DATE_PLACED is the same as last year's, which had a DATE_PLACED_CEASED or a
--     REASON_PLACED_CEASED.
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
inner join placed_adoption_last on placed_adoption.child = placed_adoption_last.child
where
    -- compared as text only where they are no dates
    coalesce(placed_adoption.date_placed::varchar, placed_adoption.date_placed__text)
    = coalesce(placed_adoption_last.date_placed::varchar, placed_adoption_last.date_placed__text)
    and (
        placed_adoption_last.date_placed_ceased__text is not null
        or placed_adoption_last.reason_placed_ceased is not null
    )
