-- code: 503F
-- message: The Ofsted URN in the  first episode does not match open episode at end of last year.
-- fields: URN
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare URN of the child's first episode with the episode that was open at the end of
--     last year's return. Both tell of the same episode: give the same URN, or correct last year's.
-- logic: URN of the first episode differs from the URN of the episode left open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where urn is distinct from urn_last
