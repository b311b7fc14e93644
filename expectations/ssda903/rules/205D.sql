-- code: 205D
-- message: Child identified as UASC this year but not identified as UASC status provided for the
--     child last year.
-- fields: UASC, CHILD
-- tables: UASC, UASC_last
-- optional: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Check whether the child is UASC. If so, last year's return should have said so too;
--     if not, take the child out of this year's UASC.
-- logic: The child is UASC this year and was in last year's return without being UASC.
-- fails_in: Header, UASC
select
    uasc_this_year.table_name,
    uasc_this_year.data_row
from uasc_this_year
inner join uasc_last_year on uasc_this_year.child = uasc_last_year.child
where uasc_this_year.uasc = '1' and uasc_last_year.uasc is distinct from '1'
