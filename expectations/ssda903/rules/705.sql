-- code: 705
-- message: A DoLO cannot start when the previous DoLO is still open.
-- fields: DOLO_START, DOLO_END
-- tables: DoLo
-- years: 2027-
-- severity: fix
-- how_to_fix: Look at the child's order before this one: give its DOLO_END, or correct the date of
--     the two that overlap.
-- logic: The child's order before this one has no DOLO_END, or one after this DOLO_START.
with with_previous as (
    select
        data_row,
        child,
        dolo_start,
        row_number() over in_turn as turn,
        lag(dolo_end) over in_turn as previous_end
    from dolo
    window in_turn as (
        partition by child
        order by coalesce(dolo_end, dolo_start) asc, dolo_start asc, in_order asc
    )
)

select
    'DoLo' as table_name,
    data_row
from with_previous
where
    child is not null
    and turn > 1
    and (previous_end is null or dolo_start < previous_end)
