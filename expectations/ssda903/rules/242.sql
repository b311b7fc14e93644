-- code: 242
-- message: URN = 'XXXXXXX' can only be used for regional adoption agencies
-- fields: URN
-- tables: Episodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Give the URN of the provider; the placeholder XXXXXXX may stand only for regional
--     adoption agencies, in placements A3 to A6 and U1 to U6.
-- logic: URN is XXXXXXX and PLACE is not A3 to A6 or U1 to U6.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    urn = 'XXXXXXX'
    and coalesce(place not in ('A3', 'A4', 'A5', 'A6', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6'), true)
