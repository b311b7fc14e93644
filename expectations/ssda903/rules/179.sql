-- code: 179
-- message: Placement location code is not a valid code.
-- fields: PL_LOCATION
-- tables: Episodes
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PL_POST: give the full postcode of the placement. Whether the placement is in
--     or out of the authority is worked out from it.
-- logic: No PL_LOCATION could be worked out from PL_POST, and LS is neither V3 nor V4.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    pl_location is null
    and coalesce(ls not in ('V3', 'V4'), true)
