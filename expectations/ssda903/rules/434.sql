-- code: 434
-- message: Reason for new episode is that child's legal status has changed but not the placement,
--     but this is not reflected in the episode data.
-- fields: RNE, LS, PLACE, PL_POST, URN, PLACE_PROVIDER
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: RNE L means that only the legal status changed. Compare the episode with the one
--     before: correct LS, or the placement's fields if they should be the same, or RNE to what did
--     change.
-- logic: RNE is L, but LS is that of the child's episode before, or PLACE, PL_POST, URN or
--     PLACE_PROVIDER is not.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where
    rne = 'L'
    and episode_number > 1
    and (ls is not distinct from ls_before or not is_same_placement)
