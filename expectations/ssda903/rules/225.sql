-- code: 225
-- message: Reason for placement change must be recorded.
-- fields: REASON_PLACE_CHANGE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Say in REASON_PLACE_CHANGE of the episode that ended why the child moved on from
--     that placement.
-- logic: REC is X1, REASON_PLACE_CHANGE is blank, the child's next episode begins with RNE P, B,
--     T or U, and neither of the two is a temporary placement (T0 to T4).
with in_sequence as (
    select
        *,
        lead(rne) over by_child as next_rne,
        lead(place) over by_child as next_place
    from episodes
    where child is not null
    window by_child as (partition by child order by in_order asc)
)

select
    'Episodes' as table_name,
    data_row
from in_sequence
where
    rec = 'X1'
    and reason_place_change is null
    and next_rne in ('P', 'B', 'T', 'U')
    and coalesce(place not in ('T0', 'T1', 'T2', 'T3', 'T4'), true)
    and coalesce(next_place not in ('T0', 'T1', 'T2', 'T3', 'T4'), true)
