-- code: 579
-- message: A new decision that the child should be placed for adoption this year cannot start when
--     the previous decision is still open. Decisions to place the child for adoption should also
--     not overlap. The date of any new decision to place the child for adoption must not be before
--     the date placed ceased of previous decisions.
-- fields: DATE_PLACED, DATE_PLACED_CEASED
-- tables: PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Give DATE_PLACED_CEASED of the earlier decision, or correct the dates so that the new
--     decision (DATE_PLACED) is not before the earlier one ceased.
-- logic: The child's decision before this one has no DATE_PLACED_CEASED, or one after this
--     DATE_PLACED.
select
    'PlacedAdoption' as table_name,
    data_row
from placed_adoption
where child is not null
window decisions as (partition by child order by date_placed, in_order)
qualify
    row_number() over decisions > 1
    and (
        lag(date_placed_ceased) over decisions is null
        or lag(date_placed_ceased) over decisions > date_placed
    )
