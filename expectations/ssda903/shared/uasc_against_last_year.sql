-- One row per row of UASC or of uasc_this_year, the two joined by child, and per row of the child
-- in last year's UASC: status and date of ceasing (DUC) in both years. A child of last year's UASC
-- is here only if it is in this year's UASC or Header.
with last_year as (
    select
        uasc_last.child,
        uasc_last.dob,
        uasc_last.duc,
        uasc_last_year.uasc
    from uasc_last
    left join uasc_last_year on uasc_last.child = uasc_last_year.child
)

select
    uasc.data_row as uasc_row,
    case when uasc_this_year.table_name = 'Header' then uasc_this_year.data_row end as header_row,
    uasc_this_year.uasc,
    uasc.duc,
    uasc.duc__text,
    last_year.uasc as uasc_last,
    last_year.duc as duc_last,
    last_year.dob as dob_last
from uasc
full outer join uasc_this_year on uasc.child = uasc_this_year.child
left join last_year on coalesce(uasc.child, uasc_this_year.child) = last_year.child
