-- code: 213
-- message: Placement provider information not required.
-- fields: PLACE_PROVIDER
-- tables: Episodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Clear PLACE_PROVIDER, or correct PLACE if it is not T0 to T4 or Z11 to Z14.
-- logic: PLACE is T0 to T4 or Z11 to Z14 and PLACE_PROVIDER is given.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place in ('T0', 'T1', 'T2', 'T3', 'T4', 'Z11', 'Z12', 'Z13', 'Z14')
    and place_provider is not null
