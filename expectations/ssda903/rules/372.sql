-- code: 372
-- message: Child in youth custody or prison should be at least 10.
-- fields: DECOM, PLACE
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DECOM and PLACE of the episode: R5 is youth custody or prison, for a child
--     of at least 10.
-- logic: PLACE is R5, the episode has ended, and DECOM is before the birthday on which the child
--     turned 10.
select
    'Episodes' as table_name,
    data_row
from episode_with_header
where place = 'R5' and dec is not null and decom < add_years(dob, 10)
