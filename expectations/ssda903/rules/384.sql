-- code: 384
-- message: A child receiving respite care cannot be in a long-term foster placement
-- fields: PLACE, LS
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check LS and PLACE of the episode. Under short breaks (V3 or V4) give a foster
--     placement that is not long term; if it was long term, correct LS.
-- logic: LS is V3 or V4 and PLACE is U1 or U4.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls in ('V3', 'V4') and place in ('U1', 'U4')
