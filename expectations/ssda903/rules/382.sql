-- code: 382
-- message: A child receiving respite care cannot be in a temporary placement.
-- fields: LS, PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check LS and PLACE of the episode. Under short breaks (V3 or V4) give the placement
--     of the break itself, not a temporary one (T0 to T4); if it was temporary, correct LS.
-- logic: LS is V3 or V4 and PLACE is T0, T1, T2, T3 or T4.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls in ('V3', 'V4') and place in ('T0', 'T1', 'T2', 'T3', 'T4')
