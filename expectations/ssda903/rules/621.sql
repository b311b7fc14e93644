-- code: 621
-- message: Mother’s field has been completed but date of birth shows that the mother is younger
--     than her child.
-- fields: DOB, MC_DOB
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB with MC_DOB and correct whichever is wrong. Where DOB is blank or no
--     date, give it.
-- logic: MC_DOB is a date and is not after DOB, or DOB is missing.
select
    'Header' as table_name,
    data_row
from header
where mc_dob is not null and (mc_dob > dob) is not true
