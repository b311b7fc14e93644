-- code: 503C
-- message: The category of need in the first episode does not match open episode at end of last
--     year.
-- fields: CIN
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare CIN of the child's first episode with the episode that was open at the end of
--     last year's return. Both tell of the same episode: give the same category of need, or correct
--     last year's.
-- logic: CIN of the first episode differs from the CIN of the episode left open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where cin is distinct from cin_last
