-- code: 371
-- message: Child in semi-independent living accommodation not subject to children’s homes
--     regulations should be at least 16.
-- fields: DECOM, PLACE
-- tables: Episodes, Header
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Check DOB, DECOM and PLACE of the episode: H5 is semi-independent living, for a child
--     of at least 16.
-- logic: PLACE is H5, the episode has ended, and DECOM is before the birthday on which the child
--     turned 16.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where place = 'H5' and dec is not null and decom < add_years(dob, 16)
