-- code: 370
-- message: Child in independent living should be at least 16.
-- fields: DECOM, PLACE
-- tables: Episodes, Header
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Check DOB, DECOM and PLACE of the episode: P2 is independent living, for a child of
--     at least 16.
-- logic: PLACE is P2, the episode has ended, and DECOM is before the birthday on which the child
--     turned 16.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where place = 'P2' and dec is not null and decom < add_years(dob, 16)
