-- code: 526
-- message: Child is missing a placement provider code for at least one episode.
-- fields: PLACE, PLACE_PROVIDER
-- tables: Episodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Give PLACE_PROVIDER of the episode: who provides the placement (PR0 for parents, PR1
--     your own authority, PR2 to PR5 others).
-- logic: PLACE_PROVIDER is blank and PLACE is not T0 to T4 or Z11 to Z14.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place_provider is null
    and coalesce(place not in ('T0', 'T1', 'T2', 'T3', 'T4', 'Z11', 'Z12', 'Z13', 'Z14'), true)
