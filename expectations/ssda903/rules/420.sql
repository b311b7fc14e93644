-- code: 420
-- message: LA of placement completed but child is looked after under legal status V3 or V4.
-- fields: PL_LA
-- tables: Episodes
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: The authority of the placement is worked out from PL_POST: leave PL_POST blank in
--     episodes of short breaks (V3 or V4), or correct LS if it was none.
-- logic: LS is V3 or V4 and PL_LA is known.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls in ('V3', 'V4') and pl_la is not null
