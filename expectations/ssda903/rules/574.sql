-- code: 574
-- message: A new missing/away from placement without authorisation period cannot start when the
--     previous missing/away from placement without authorisation period is still open. Missing/away
--     from placement without authorisation periods should also not overlap.
-- fields: MIS_START, MIS_END
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Put the child's rows in Missing in order: close the earlier period with MIS_END, or
--     correct the dates so that each period starts on or after the day the one before it ended.
-- logic: With a child's rows ordered by MIS_END (MIS_START where it has none), the row before has
--     no MIS_END or one after this row's MIS_START.
with in_turn as (
    select
        data_row,
        mis_start,
        lag(mis_end) over turn as end_before,
        row_number() over turn as place
    from missing
    where child is not null
    window turn as (
        partition by child
        order by
            coalesce(mis_end, mis_start) asc nulls last,
            mis_start asc nulls last,
            in_order asc
    )
)

select
    'Missing' as table_name,
    data_row
from in_turn
where place > 1 and (end_before is null or mis_start < end_before)
