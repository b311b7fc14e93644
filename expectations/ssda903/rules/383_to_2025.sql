-- code: 383
-- message: A child in a temporary placement must subsequently return to his/her normal placement.
-- fields: PLACE
-- tables: Episodes
-- years: 2023-2025
-- severity: fix
-- how_to_fix: Look at the child's next episode after the temporary placement. It should have RNE P
--     and the same placement as before the temporary one; if the child moved on instead, the
--     temporary placement needs another PLACE code.
-- logic: After an episode with PLACE T0 to T4, the next has RNE P and the PLACE of the one before
--     the temporary placement.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where
    place_before in ('T0', 'T1', 'T2', 'T3', 'T4')
    and episode_number > 2
    and (rne is distinct from 'P' or place is distinct from place_two_before)
