-- code: 386
-- message: Reason episode ceased is adopted but child has reached age 18.
-- fields: REC
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DEC and REC: nobody can be adopted from the 18th birthday on, so one of
--     them is wrong.
-- logic: REC is E11 or E12 and DEC is on or after the 18th birthday.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where rec in ('E11', 'E12') and dec >= add_years(dob, 18)
