-- code: INT14
-- message: Internal Check: DOB in OC2 is different to DOB in Header.
-- fields: DOB
-- tables: OC2, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in OC2 with DOB in Header and correct the one that is wrong.
-- logic: DOB in OC2 differs from DOB in Header, where both are given.
select
    'OC2' as table_name,
    oc2.data_row
from oc2
inner join header on oc2.child = header.child
where oc2.dob <> header.dob
