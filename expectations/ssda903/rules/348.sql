-- code: 348
-- message: Care leaver has previously been reported as having died.
-- fields: IN_TOUCH
-- tables: OC3, OC3_last
-- years: 2026-
-- severity: fix
-- how_to_fix: Compare IN_TOUCH with last year's return; if the young person died, give DIED,
--     otherwise correct last year's.
-- logic: Last year's IN_TOUCH was DIED and this year's is not.
select
    'OC3' as table_name,
    oc3.data_row
from oc3
inner join oc3_last on oc3.child = oc3_last.child
where
    oc3_last.in_touch = 'DIED'
    and oc3.in_touch is distinct from 'DIED'
