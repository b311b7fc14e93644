-- code: 503G
-- message: The distance in first episode does not match open episode at end of last year.
-- fields: PL_DISTANCE
-- tables: Episodes, Episodes_last
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare PL_DISTANCE of the child's first episode with the episode that was open at
--     the end of last year's return. Both tell of the same episode: check HOME_POST and PL_POST, or
--     correct last year's.
-- logic: PL_DISTANCE of the first episode differs by 0.2 miles or more from that of the episode
--     left open last year, or only one has any.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where
    (pl_distance is null) <> (pl_distance_last is null)
    or round(abs(pl_distance - pl_distance_last), 1) >= 0.2
