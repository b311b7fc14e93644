-- code: 380
-- message: A period of care cannot start with a temporary placement.
-- fields: PLACE, RNE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child came into care with this episode, give the placement they were first in
--     rather than a temporary one (T0 to T4). If they were in care already, correct RNE to P or B.
-- logic: PLACE is T0, T1, T2, T3 or T4 and RNE is neither P nor B.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place in ('T0', 'T1', 'T2', 'T3', 'T4')
    and coalesce(rne not in ('P', 'B'), true)
