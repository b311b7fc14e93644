-- One row per period of care: a child's episodes, each beginning by the day the one before ended.
-- It is open (no end) where its last episode is.
with episodes_in_order as (
    select
        child,
        in_order,
        decom,
        dec,
        decom > lag(dec) over (partition by child order by in_order) as is_after_a_gap
    from episodes
    where child is not null and decom is not null
),

numbered as (
    select
        child,
        in_order,
        decom,
        dec,
        count(*) filter (where is_after_a_gap) over (
            partition by child
            order by in_order
            rows between unbounded preceding and current row
        ) as period_number
    from episodes_in_order
)

select
    child,
    period_number,
    min(decom) as began,
    last(dec order by in_order) as ended
from numbered
group by child, period_number
