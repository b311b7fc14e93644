-- code: 583
-- message: More than one date the child should be placed for adoption has been reported, but an
--     earlier decision has not been revoked. Check that both dates are required and add in the date
--     the earlier decision was revoked. Note this may be in a previous year.
-- fields: DATE_PLACED, DATE_PLACED_CEASED
-- tables: PlacedAdoption
-- years: 2023-
-- severity: warn
-- how_to_fix: Check that the child really has more than one decision; if so, give
--     DATE_PLACED_CEASED and the reason for every decision but the latest.
-- logic: DATE_PLACED_CEASED is blank and the child has a later DATE_PLACED.
select
    'PlacedAdoption' as table_name,
    data_row
from placed_adoption
where child is not null and date_placed is not null
-- of decisions of one date an open one is the latest
window decisions as (partition by child order by date_placed, date_placed_ceased, in_order)
qualify date_placed_ceased__text is null and lead(data_row) over decisions is not null
