-- code: 709
-- message: Child with a DoLO is in an unexpected placement type.
-- fields: DOLO_START, PLACEMENT
-- tables: DoLo, Episodes
-- years: 2027-
-- severity: fix
-- how_to_fix: Check PLACE of the episode and the dates of the order. A child under such an order is
--     expected in K2, Z12 or Z13.
-- logic: An order with both dates overlaps an episode whose PLACE is none of K2, Z12 and Z13.
-- fails_in: DoLo, Episodes
select
    'DoLo' as table_name,
    dolo_row as data_row
from episode_under_dolo
where place is null or place not in ('K2', 'Z12', 'Z13')
union all
select
    'Episodes' as table_name,
    episode_row as data_row
from episode_under_dolo
where place is null or place not in ('K2', 'Z12', 'Z13')
