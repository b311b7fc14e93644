-- code: 352
-- message: Child who started to be looked after was aged 18 or over.
-- fields: DECOM, RNE
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB and DECOM. Only a child under 18 can start to be looked after; if this is
--     no start, correct RNE.
-- logic: RNE is S and DECOM is on or after the 18th birthday.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where rne = 'S' and decom >= add_years(dob, 18)
