-- code: 131
-- message: Data entry for being in touch after leaving care is invalid.
-- fields: IN_TOUCH
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Give IN_TOUCH as YES, NO, DIED, REFU, NREQ or RHOM; delete the row if the young
--     person is no care leaver of this year.
-- logic: IN_TOUCH is blank or none of YES, NO, DIED, REFU, NREQ and RHOM.
select
    'OC3' as table_name,
    data_row
from oc3
where
    in_touch is null
    or in_touch not in ('YES', 'NO', 'DIED', 'REFU', 'NREQ', 'RHOM')
