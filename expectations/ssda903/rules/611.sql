-- code: 611
-- message: Date of birth field is blank, but child is a mother.
-- fields: MOTHER, MC_DOB
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the date of birth of the mother's first child in MC_DOB, or set MOTHER to 0 if
--     the child is not a mother.
-- logic: MOTHER is 1 and MC_DOB is blank.
select
    'Header' as table_name,
    data_row
from header
where mother = '1' and mc_dob__text is null
