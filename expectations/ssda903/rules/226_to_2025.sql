-- code: 226
-- message: Reason for placement change is not required.
-- fields: REASON_PLACE_CHANGE, PLACE
-- tables: Episodes
-- years: 2023-2025
-- severity: fix
-- how_to_fix: Clear REASON_PLACE_CHANGE of this episode and of the one before it: going to a
--     temporary placement (T0 to T4) and coming back is no change of placement.
-- logic: PLACE is T0 to T4 and REASON_PLACE_CHANGE is given in this episode or in the child's
--     episode before it.
with in_sequence as (
    select
        *,
        lag(reason_place_change) over (partition by child order by in_order asc) as reason_before
    from episodes
)

select
    'Episodes' as table_name,
    data_row
from in_sequence
where
    place in ('T0', 'T1', 'T2', 'T3', 'T4')
    and (reason_place_change is not null or (child is not null and reason_before is not null))
