-- One row per row of Header or, where no Header was delivered, of UASC: whether the child is an
-- unaccompanied asylum-seeking child this year (1 or 0), and which row says so.
select
    'Header' as table_name,
    data_row,
    child,
    uasc
from header
union all
select
    'UASC' as table_name,
    data_row,
    child,
    case when sex is not null or duc__text is not null then '1' else '0' end as uasc
from uasc
where not exists (select 1 from delivered where delivered.table_name = 'Header')
