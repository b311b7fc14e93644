-- code: 706
-- message: There is an open DoLO in last year’s return and there is no corresponding DoLO recorded
--     at the start of this year..
-- fields: DOLO_START
-- tables: DoLo, DoLo_last
-- years: 2027-
-- severity: fix
-- how_to_fix: Add the order that was open in last year's return, with the same DOLO_START, to this
--     year's; if it had ended, correct last year's.
-- logic: An order of last year with a DOLO_START and no DOLO_END is not in this year's return with
--     the same DOLO_START.
-- fails_in: DoLo_last
select
    'DoLo_last' as table_name,
    data_row
from dolo_last
where
    dolo_start is not null
    and dolo_end__text is null
    and not exists (
        select 1
        from dolo
        where dolo.child = dolo_last.child and dolo.dolo_start = dolo_last.dolo_start
    )
