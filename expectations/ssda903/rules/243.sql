-- code: 243
-- message: Only placements with providers registered with Ofsted should have a URN reported.
-- fields: URN
-- tables: Episodes
-- reference: postcode
-- years: 2026-
-- severity: fix
-- how_to_fix: Clear URN: the placement is outside England, where Ofsted registers no providers.
--     If it is in England, correct PL_POST.
-- logic: PL_LA is outside England (CON, NIR, NUK, SCO, WAL) and URN is given.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    pl_la in ('CON', 'NIR', 'NUK', 'SCO', 'WAL')
    and urn is not null
