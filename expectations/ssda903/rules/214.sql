-- code: 214
-- message: Placement location information not required.
-- fields: PL_POST, URN
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Clear PL_POST and URN: neither is asked for on short breaks (V3, V4). If this is no
--     short break, correct LS.
-- logic: LS is V3 or V4 and PL_POST or URN is given.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    ls in ('V3', 'V4')
    and (pl_post is not null or urn is not null)
