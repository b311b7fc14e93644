-- One row per child of whom this return or last year's says whether it is unaccompanied and seeking
-- asylum: whether it is, or was last year.
with said as (
    select
        child,
        uasc
    from uasc_this_year
    union all
    select
        child,
        uasc
    from uasc_last_year
)

select
    child,
    bool_or(uasc = '1') as is_or_was_uasc
from said
where child is not null and uasc is not null
group by child
