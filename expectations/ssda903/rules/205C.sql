-- code: 205C
-- message: Child not identified as UASC either this year or last year but date UASC ceased has been
--     provided.
-- fields: DUC, UASC
-- tables: UASC, UASC_last
-- optional: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child was UASC this year or last, correct the UASC status; if not, take the
--     child out of UASC.
-- logic: The child is UASC in neither year, and DUC is a date in one of them.
-- fails_in: UASC, Header
with contradicting as (
    select
        uasc_row,
        header_row
    from uasc_against_last_year
    where
        uasc_row is not null
        and coalesce(uasc, '0') = '0'
        and coalesce(uasc_last, '0') = '0'
        and (duc is not null or duc_last is not null)
)

select
    'UASC' as table_name,
    uasc_row as data_row
from contradicting
where uasc_row is not null
union all
select
    'Header' as table_name,
    header_row as data_row
from contradicting
where header_row is not null
