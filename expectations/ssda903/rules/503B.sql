-- code: 503B
-- message: The legal status in the first episode does not match open episode at end of last year.
-- fields: LS
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare LS of the child's first episode with the episode that was open at the end of
--     last year's return. Both tell of the same episode: give the same legal status (a new one is a
--     new episode), or correct last year's.
-- logic: LS of the first episode differs from the LS of the episode left open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where ls is distinct from ls_last
