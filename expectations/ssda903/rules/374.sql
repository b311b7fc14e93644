-- code: 374
-- message: Child in residential employment should be at least 14 years old.
-- fields: DECOM, PLACE
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DECOM and PLACE of the episode: P3 is residential employment, for a child
--     of at least 14.
-- logic: PLACE is P3, the episode has ended, and DECOM is before the birthday on which the child
--     turned 14.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where place = 'P3' and dec is not null and decom < add_years(dob, 14)
