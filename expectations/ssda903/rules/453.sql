-- code: 453
-- message: Contradiction between placement distance in the last episode of the previous year and in
--     the first episode of the current year.
-- fields: PL_DISTANCE
-- tables: Episodes, Episodes_last
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Both rows tell of the same placement: check HOME_POST and PL_POST of the first
--     episode and of the one left open last year, and correct the wrong one.
-- logic: PL_DISTANCE of the first episode differs by 0.2 miles or more from that of the episode
--     left open last year, or only one has any, though RNE is the same.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where
    rne = rne_last
    and (
        (pl_distance is null) <> (pl_distance_last is null)
        or round(abs(pl_distance - pl_distance_last), 1) >= 0.2
    )
