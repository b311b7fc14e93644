-- code: 503D
-- message: The placement type in the first episode does not match open episode at end of last year
-- fields: PLACE
-- tables: Episodes, Episodes_last
-- years: 2023-2024
-- severity: fix
-- how_to_fix: Compare PLACE of the child's first episode with the episode that was open at the end
--     of last year's return. Both tell of the same episode: give the same placement (a new one is a
--     new episode), or correct last year's.
-- logic: PLACE of the first episode differs from the PLACE of the episode left open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where place is distinct from place_last
