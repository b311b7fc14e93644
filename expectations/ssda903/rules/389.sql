-- code: 389
-- message: Reason episode ceased is that child transferred to care of adult social care services,
--     but child is aged under 16.
-- fields: REC
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DEC and REC: E7, a move to adult social care, is possible from 16 on; DEC
--     must be given.
-- logic: REC is E7 and DEC is not shown to be on or after the 16th birthday.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where rec = 'E7' and not coalesce(dec >= add_years(dob, 16), false)
