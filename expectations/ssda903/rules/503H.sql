-- code: 503H
-- message: The placement LA in first episode does not match open episode at end of last year.
-- fields: PL_LA
-- tables: Episodes, Episodes_last
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare PL_LA of the child's first episode with the episode that was open at the end
--     of last year's return. Both tell of the same episode: check PL_POST, or correct last year's.
-- logic: PL_LA of the first episode differs from the PL_LA of the episode left open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where pl_la is distinct from pl_la_last
