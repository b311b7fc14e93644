-- One row per child of whom this return or last year's says whether it is unaccompanied and seeking
-- asylum: whether it is, or was last year. The table UASC speaks where there is no Header.
with said as (
    select
        child,
        uasc = '1' as is_uasc
    from header
    where uasc is not null
    union all
    select
        child,
        uasc = '1' as is_uasc
    from header_last
    where uasc is not null
    union all
    select
        child,
        coalesce(dob__text, sex, duc__text) is not null as is_uasc
    from uasc
    where not exists (select 1 from delivered where delivered.table_name = 'Header')
    union all
    select
        child,
        coalesce(dob__text, sex, duc__text) is not null as is_uasc
    from uasc_last
    where not exists (select 1 from delivered where delivered.table_name = 'Header_last')
)

select
    child,
    bool_or(is_uasc) as is_or_was_uasc
from said
where child is not null
group by child
