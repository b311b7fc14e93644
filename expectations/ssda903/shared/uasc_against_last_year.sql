-- One row per row of UASC or of uasc_status, the two joined by child, and per row of the child in
-- last year's UASC: status and date of ceasing (DUC) in both years. A child of last year's UASC is
-- here only if it is in this year's UASC or Header.
with last_year as (
    select
        uasc_last.child,
        uasc_last.dob,
        uasc_last.duc,
        uasc_status_last.uasc
    from uasc_last
    left join uasc_status_last on uasc_last.child = uasc_status_last.child
)

select
    uasc.data_row as uasc_row,
    case when uasc_status.table_name = 'Header' then uasc_status.data_row end as header_row,
    uasc_status.uasc,
    uasc.duc,
    uasc.duc__text,
    last_year.uasc as uasc_last,
    last_year.duc as duc_last,
    last_year.dob as dob_last
from uasc
full outer join uasc_status on uasc.child = uasc_status.child
left join last_year on coalesce(uasc.child, uasc_status.child) = last_year.child
