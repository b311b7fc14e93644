-- code: 411
-- message: Placement location code disagrees with LA of placement.
-- fields: PL_LOCATION
-- tables: Episodes
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: The location and authority of the placement are worked out from PL_POST: check that
--     PL_POST is right and that the return was checked under your own authority.
-- logic: PL_LOCATION is IN but PL_LA is not the authority of the return.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
where
    episodes.pl_location = 'IN'
    and episodes.pl_la is distinct from metadata.la_code
