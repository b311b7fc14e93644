-- One row per row of last year's Header or, where none was delivered, of last year's UASC: whether
-- the child was an unaccompanied asylum-seeking child then (1 or 0).
select
    child,
    uasc
from header_last
union all
select
    child,
    case when sex is not null or duc__text is not null then '1' else '0' end as uasc
from uasc_last
where not exists (select 1 from delivered where delivered.table_name = 'Header_last')
