-- code: 169
-- message: Local Authority (LA) of placement is not valid or is missing. Please check a valid
--     postcode has been entered.
-- fields: PL_LA
-- tables: Episodes
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PL_POST: give the full postcode of the placement. The authority of placement
--     is worked out from it.
-- logic: No PL_LA could be worked out from PL_POST, and LS is neither V3 nor V4.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    pl_la is null
    and coalesce(ls not in ('V3', 'V4'), true)
