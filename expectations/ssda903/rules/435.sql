-- code: 435
-- message: Reason for new episode is that child’s placement has changed but not the legal status,
--     but this is not reflected in the episode data recorded.
-- fields: LS, PLACE, PL_POST, URN, PLACE_PROVIDER
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: RNE P or T means that only the placement changed. Compare the episode with the one
--     before: correct LS if it should be the same, the placement's fields, or RNE to what did
--     change.
-- logic: RNE is P or T, but LS is not that of the child's episode before, or PLACE, PL_POST, URN
--     and PLACE_PROVIDER all are.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where
    rne in ('P', 'T')
    and episode_number > 1
    and (ls is distinct from ls_before or is_same_placement)
