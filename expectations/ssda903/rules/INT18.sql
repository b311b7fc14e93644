-- code: INT18
-- message: Internal Check: DOB in UASC is different to DOB in Header.
-- fields: DOB
-- tables: UASC, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in UASC with DOB in Header and correct the one that is wrong.
-- logic: DOB in UASC differs from DOB in Header, where both are given.
select
    'UASC' as table_name,
    uasc.data_row
from uasc
inner join header on uasc.child = header.child
where uasc.dob <> header.dob
