-- code: 373
-- message: Child placed in a school should be at least 4 years old.
-- fields: DECOM, PLACE
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DECOM and PLACE of the episode: S1 is a residential school, for a child of
--     at least 4.
-- logic: PLACE is S1, the episode has ended, and DECOM is before the birthday on which the child
--     turned 4.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where place = 'S1' and dec is not null and decom < add_years(dob, 4)
