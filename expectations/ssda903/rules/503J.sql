-- code: 503J
-- message: The placement location in first episode does not match open episode at end of last year.
-- fields: PL_LOCATION
-- tables: Episodes, Episodes_last
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare PL_LOCATION of the child's first episode with the episode that was open at
--     the end of last year's return. Both tell of the same episode: check PL_POST, or correct last
--     year's.
-- logic: PL_LOCATION of the first episode differs from the PL_LOCATION of the episode left open
--     last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where pl_location is distinct from pl_location_last
