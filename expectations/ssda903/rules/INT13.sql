-- code: INT13
-- message: Internal Check: DOB in Missing is different to DOB in Header.
-- fields: DOB
-- tables: Missing, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in Missing with DOB in Header and correct the one that is wrong.
-- logic: DOB in Missing differs from DOB in Header, where both are given.
select
    'Missing' as table_name,
    missing.data_row
from missing
inner join header on missing.child = header.child
where missing.dob <> header.dob
