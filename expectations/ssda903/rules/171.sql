-- code: 171
-- message: Date of birth of mother's child is not a valid date.
-- fields: MC_DOB
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Give MC_DOB as dd/mm/yyyy, or leave it blank where the young person is not a mother.
-- logic: MC_DOB is given and is no date in dd/mm/yyyy.
select
    'Header' as table_name,
    data_row
from header
where mc_dob__text is not null and mc_dob is null
