-- code: 387
-- message: Reason episode ceased is child moved into independent living arrangement, but the child
--     is aged under 14.
-- fields: REC
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DEC and REC: E5 and E6 are for young people who move to live on their own,
--     at 14 at the earliest.
-- logic: REC is E5 or E6, DEC is given, and it is not shown to be on or after the 14th birthday.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where
    rec in ('E5', 'E6')
    and dec is not null
    and not coalesce(dec >= add_years(dob, 14), false)
