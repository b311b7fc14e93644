-- code: 503D
-- message: The placement type in the first episode does not match open episode at end of last year
-- fields: PLACE
-- tables: Episodes, Episodes_last
-- years: 2026-
-- severity: fix
-- how_to_fix: Compare PLACE of the child's first episode with the episode that was open at the end
--     of last year's return. Both tell of the same episode: give the same placement (a new one is a
--     new episode), or correct last year's.
-- logic: PLACE of the first episode differs from the PLACE of the episode left open last year. In
--     2026 Z1 may have become one of Z11 to Z14, its new codes.
select
    'Episodes' as table_name,
    this_year.data_row
from first_episode_against_last_year as this_year
cross join metadata
where
    this_year.place is distinct from this_year.place_last
    and not coalesce(
        metadata.collection_year = 2026
        and this_year.place_last = 'Z1'
        and this_year.place in ('Z11', 'Z12', 'Z13', 'Z14'),
        false
    )
