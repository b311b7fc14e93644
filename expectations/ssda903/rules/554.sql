-- code: 554
-- message: Date of decision that the child should be placed for adoption should be on or prior to
--     the date that the placement order was granted. [NOTE: This rule may result in false positives
--     or false negatives if relevant episodes are in previous years; please check carefully!]
-- fields: DATE_PLACED, DECOM, LS
-- tables: Episodes, PlacedAdoption
-- years: 2023-
-- severity: warn
-- how_to_fix: Compare DATE_PLACED with the day of the placement order (DECOM of the first episode
--     with LS E1, or earlier if the order was granted in a year before) and correct whichever is
--     wrong.
-- logic: DATE_PLACED is after DECOM of the child's first episode with LS E1.
-- fails_in: Episodes, PlacedAdoption
with first_order as (
    select
        child,
        data_row,
        decom
    from episodes
    where decom is not null and ls = 'E1'
    qualify row_number() over (partition by child order by in_order) = 1
),

too_late as (
    select
        first_order.data_row as episode_row,
        placed_adoption.data_row as placed_row
    from first_order
    inner join placed_adoption on first_order.child = placed_adoption.child
    where placed_adoption.date_placed > first_order.decom
)

select
    'Episodes' as table_name,
    episode_row as data_row
from too_late
union all
select
    'PlacedAdoption' as table_name,
    placed_row as data_row
from too_late
