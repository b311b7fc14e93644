-- code: 710
-- message: Child with a DoLO can not be placed in secure children's homes, with parents, young
--     offender institutions, or supported accommodation.
-- fields: DOLO_START, PLACEMENT
-- tables: DoLo, Episodes
-- years: 2027-
-- severity: fix
-- how_to_fix: Check PLACE of the episode and the dates of the order; a child under such an order is
--     not placed in K1, K3, P1 or R5.
-- logic: An order with both dates overlaps an episode whose PLACE is K1, K3, P1 or R5.
-- fails_in: DoLo, Episodes
select
    'DoLo' as table_name,
    dolo_row as data_row
from episode_under_dolo
where place in ('K1', 'K3', 'P1', 'R5')
union all
select
    'Episodes' as table_name,
    episode_row as data_row
from episode_under_dolo
where place in ('K1', 'K3', 'P1', 'R5')
