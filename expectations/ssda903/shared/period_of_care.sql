-- One row per child and period of care: episodes of which each starts by the day the one before
-- ends. A period that goes on has no end.
with after_the_one_before as (
    select
        child,
        decom,
        dec,
        in_order,
        lag(dec) over (partition by child order by in_order) as previous_end,
        row_number() over (partition by child order by in_order) = 1 as is_first
    from episodes
    where child is not null and decom is not null
),

numbered as (
    select
        *,
        count(*) filter (where is_first or decom > previous_end)
            over (partition by child order by in_order) as period
    from after_the_one_before
)

select
    child,
    min(decom) as period_start,
    last(dec order by in_order asc) as period_end
from numbered
group by child, period
