-- code: 381
-- message: A period of care cannot end with a temporary placement.
-- fields: PLACE, REC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child left care, record the return to their usual placement as the last
--     episode. If they stayed in care, correct REC to X1.
-- logic: PLACE is T0, T1, T2, T3 or T4 and REC is given and not X1.
select
    'Episodes' as table_name,
    data_row
from episodes
where place in ('T0', 'T1', 'T2', 'T3', 'T4') and rec != 'X1'
