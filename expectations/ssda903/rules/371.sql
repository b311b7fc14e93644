-- code: 371
-- message: Child in supported accomodation not subject to children’s homes regulations should be at
--     least 16.
-- fields: DECOM, PLACE
-- tables: Episodes, Header
-- years: 2025-
-- severity: fix
-- how_to_fix: Check DOB, DECOM and PLACE of the episode: K3 is supported accommodation, for a child
--     of at least 16.
-- logic: PLACE is K3, the episode has ended, and DECOM is before the birthday on which the child
--     turned 16.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where place = 'K3' and dec is not null and decom < add_years(dob, 16)
