-- code: 176
-- message: The gender of adopter(s) at the date of adoption code is not a valid code.
-- fields: SEX_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct SEX_ADOPTR: M1 or F1 for a single adopter, MM, FF or MF for a couple.
-- logic: SEX_ADOPTR is given and is not M1, F1, MM, FF or MF.
select
    'AD1' as table_name,
    data_row
from ad1
where sex_adoptr not in ('M1', 'F1', 'MM', 'FF', 'MF')
