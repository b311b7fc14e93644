-- code: 336
-- message: Child does not have a foster placement immediately prior to being placed for adoption.
-- fields: PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PLACE of this episode and of the one before it: before being placed for
--     adoption the child should be in a foster or adoptive placement. An episode may be missing
--     between the two.
-- logic: PLACE is A3, A4 or A5, and PLACE of the child's episode before it is not A3 to A6 or U1
--     to U6.
with in_sequence as (
    select
        *,
        lag(place) over by_child as place_before,
        row_number() over by_child as episode_number
    from episodes
    where child is not null
    window by_child as (partition by child order by in_order asc)
)

select
    'Episodes' as table_name,
    data_row
from in_sequence
where
    place in ('A3', 'A4', 'A5')
    and episode_number > 1
    and coalesce(
        place_before not in ('A3', 'A4', 'A5', 'A6', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6'),
        true
    )
