-- code: 1015
-- message: Placement provider is own provision but child not placed in own LA.
-- fields: PL_LA
-- tables: Episodes
-- reference: postcode
-- years: 2023-2025
-- severity: fix
-- how_to_fix: Check PL_POST and PLACE_PROVIDER. Where the child is placed in another authority's
--     area, the provider is probably not the authority's own (PR1).
-- logic: PLACE_PROVIDER is PR1, but PL_LA is not the council's own authority; foster and adoptive
--     placements (A3 to A6, U1 to U6) and short breaks (V3, V4) are left out.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
where
    episodes.place_provider = 'PR1'
    and episodes.place not in ('A3', 'A4', 'A5', 'A6', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6')
    and episodes.ls not in ('V3', 'V4')
    and episodes.pl_la is distinct from metadata.la_code
