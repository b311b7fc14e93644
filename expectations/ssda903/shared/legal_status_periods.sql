-- One row per episode under a legal status that may last only some days: how long the child was
-- under it without a break, over all the episodes that follow on from one another.
with limited as (
    select
        child,
        data_row,
        in_order,
        ls,
        decom,
        ended,
        max(ended) over (
            partition by child, ls
            order by in_order asc
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from episode_spans
    where
        child is not null
        and ls in ('J2', 'L1', 'L2', 'L3')
),

numbered as (
    select
        *,
        count(*) filter (where decom > ended_before) over (
            partition by child, ls order by in_order asc
        ) as breaks
    from limited
)

select
    data_row,
    ls,
    max(ended) over unbroken - min(decom) over unbroken as unbroken_days
from numbered
window unbroken as (partition by child, ls, breaks)
