-- code: 174
-- message: Mother's child date of birth is recorded but gender shows that the child is a male.
-- fields: SEX, MC_DOB
-- tables: Header
-- years: 2023-2024
-- severity: fix
-- how_to_fix: Check SEX and MC_DOB: MC_DOB is for young mothers only. Correct SEX, or delete
--     MC_DOB.
-- logic: MC_DOB is given although SEX is 1.
select
    'Header' as table_name,
    data_row
from header
where sex = '1' and mc_dob__text is not null
