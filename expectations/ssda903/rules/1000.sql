-- code: 1000
-- message: This child is recorded as having died in care and therefore should not have the care
--     leaver information completed. [NOTE: This only tests the current and previous year data
--     loaded into the tool]
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3, Episodes
-- optional: Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Take the child out of OC3; or, if it is alive, correct the episode that ended with
--     REC E2 (died).
-- logic: The child is in OC3 and an episode of this or last year has REC E2.
select
    'OC3' as table_name,
    oc3.data_row
from oc3
where
    oc3.child in (select episodes.child from episodes where episodes.rec = 'E2')
    or oc3.child in (
        select episodes_last.child from episodes_last where episodes_last.rec = 'E2'
    )
