-- code: 503A
-- message: The reason for new episode in the first episode does not match open episode at end of
--     last year.
-- fields: RNE
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare RNE of the child's first episode with the episode that was open at the end of
--     last year's return; both tell of the same episode, so give the same code, or correct last
--     year's.
-- logic: RNE of the first episode differs from the RNE of the episode left open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where rne is distinct from rne_last
