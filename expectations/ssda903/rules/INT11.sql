-- code: INT11
-- message: Internal Check: DOB in AD1 is different to DOB in Header.
-- fields: DOB
-- tables: AD1, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in AD1 with Header and correct the one that is wrong.
-- logic: DOB differs from the child's DOB in Header.
select
    'AD1' as table_name,
    ad1.data_row
from ad1
inner join header on ad1.child = header.child
where ad1.dob != header.dob
