-- code: 436
-- message: Reason for new episode is that both child’s placement and legal status have changed, but
--     this is not reflected in the episode data.
-- fields: RNE, LS, PLACE, PL_POST, URN, PLACE_PROVIDER
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: RNE B or U means that legal status and placement both changed. Compare the episode
--     with the one before: correct LS or the placement's fields, or RNE to what did change.
-- logic: RNE is B or U, but LS is that of the child's episode before, or PLACE, PL_POST, URN and
--     PLACE_PROVIDER all are.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where
    rne in ('B', 'U')
    and episode_number > 1
    and (ls is not distinct from ls_before or is_same_placement)
