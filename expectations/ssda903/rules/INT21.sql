-- code: INT21
-- message: Internal Check: SEX in UASC is different to SEX in Header.
-- fields: SEX
-- tables: UASC, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare SEX in UASC with SEX in Header and correct the one that is wrong.
-- logic: SEX in UASC differs from SEX in Header, where both are given.
select
    'UASC' as table_name,
    uasc.data_row
from uasc
inner join header on uasc.child = header.child
where uasc.sex <> header.sex
