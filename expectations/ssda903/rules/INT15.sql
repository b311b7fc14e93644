-- code: INT15
-- message: Internal Check: DOB in OC3 is different to DOB in Header.
-- fields: DOB
-- tables: OC3, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in OC3 with DOB in Header and correct the one that is wrong.
-- logic: DOB in OC3 differs from DOB in Header, where both are given.
select
    'OC3' as table_name,
    oc3.data_row
from oc3
inner join header on oc3.child = header.child
where oc3.dob <> header.dob
