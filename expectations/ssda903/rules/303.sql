-- code: 303
-- message: If date Unaccompanied Asylum-Seeking Child (UASC) status ceased is not null, UASC status
--     must be coded 1.
-- fields: DUC, UASC
-- tables: UASC, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Set the UASC status to 1 if the child was unaccompanied and seeking asylum in the
--     year; if not, take DUC out.
-- logic: DUC is given and the UASC status in Header is not 1.
-- fails_in: UASC, Header
with contradicting as (
    select
        uasc.data_row as uasc_row,
        header.data_row as header_row
    from uasc
    inner join header on uasc.child = header.child
    where
        uasc.duc__text is not null
        and try_cast(header.uasc as double) is distinct from 1
)

select
    'UASC' as table_name,
    uasc_row as data_row
from contradicting
union all
select
    'Header' as table_name,
    header_row as data_row
from contradicting
