-- code: 178
-- message: Placement provider code is not a valid code.
-- fields: PLACE_PROVIDER
-- tables: Episodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Change PLACE_PROVIDER to PR0 to PR5; leave it blank where PLACE is T0 to T3 or Z11
--     to Z14.
-- logic: PLACE_PROVIDER is given, but is not one of PR0 to PR5 or PLACE is T0 to T3 or Z11 to
--     Z14, which takes none.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place_provider is not null
    and (
        place_provider not in ('PR0', 'PR1', 'PR2', 'PR3', 'PR4', 'PR5')
        or place in ('T0', 'T1', 'T2', 'T3', 'Z11', 'Z12', 'Z13', 'Z14')
    )
