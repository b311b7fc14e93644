-- code: 612
-- message: Date of birth field has been completed but mother field indicates child is not a mother.
-- fields: SEX, MOTHER, MC_DOB
-- tables: Header
-- years: 2025-
-- severity: fix
-- how_to_fix: Set MOTHER to 1 if the child is a mother; if not, take MC_DOB out.
-- logic: SEX is F, MOTHER is 0 or blank, and MC_DOB is given.
select
    'Header' as table_name,
    data_row
from header
where
    sex = 'F'
    and coalesce(mother, '0') = '0'
    and mc_dob__text is not null
