-- code: 460
-- message: Reason episode ceased is that child stayed with current carers at age 18 (or above), but
--     child is aged under 18.
-- fields: DEC, REC
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DEC and REC: E17 is for a young person who stays with the carers at 18 or
--     later; under 18 give the true reason.
-- logic: REC is E17 and DEC is before the 18th birthday.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where rec = 'E17' and dec < add_years(dob, 18)
