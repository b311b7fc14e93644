-- code: 1003
-- message: Date of LA's decision that a child should be placed for adoption is before the child
--     started to be looked after.
-- fields: DATE_PLACED, DECOM, RNE
-- tables: Episodes, PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DATE_PLACED against the start of the child's first period of care (the earliest
--     DECOM with RNE S) and correct whichever is wrong.
-- logic: DATE_PLACED is before the first DECOM among the child's episodes with RNE S.
-- fails_in: Episodes, PlacedAdoption
with first_start as (
    select *
    from episodes
    where rne = 'S' and decom is not null
    qualify row_number() over (partition by child order by in_order) = 1
),

too_early as (
    select
        first_start.data_row as episode_row,
        placed_adoption.data_row as placed_row
    from first_start
    inner join placed_adoption on first_start.child = placed_adoption.child
    where placed_adoption.date_placed < first_start.decom
)

select
    'Episodes' as table_name,
    episode_row as data_row
from too_early
union all
select
    'PlacedAdoption' as table_name,
    placed_row as data_row
from too_early
