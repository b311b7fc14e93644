-- code: 552
-- message: Date of Decision to place a child for adoption should be on or prior to the date that
--     the child was placed for adoption.
-- fields: DATE_PLACED, DECOM
-- tables: PlacedAdoption, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DATE_PLACED with DECOM of the first episode with PLACE A3 to A6: the decision
--     comes before the placement. Correct whichever is wrong.
-- logic: The child's latest DATE_PLACED is after DECOM of its first episode with PLACE A3, A4, A5
--     or A6.
-- fails_in: PlacedAdoption, Episodes
with last_decision as (
    select
        child,
        data_row,
        date_placed
    from placed_adoption
    where date_placed is not null
    qualify row_number() over (partition by child order by date_placed desc, in_order asc) = 1
),

first_placement as (
    select
        child,
        data_row,
        decom
    from episodes
    where decom is not null and place in ('A3', 'A4', 'A5', 'A6')
    qualify row_number() over (partition by child order by in_order) = 1
),

too_late as (
    select
        first_placement.data_row as episode_row,
        last_decision.data_row as placed_row
    from first_placement
    inner join last_decision on first_placement.child = last_decision.child
    where last_decision.date_placed > first_placement.decom
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
