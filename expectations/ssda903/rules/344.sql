-- code: 344
-- message: The record shows the young person has died or returned home to live with parent(s) or
--     someone with parental responsibility for a continuous period of 6 months or more, but
--     activity and/or accommodation on leaving care have been completed.
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Where IN_TOUCH is DIED or RHOM, give 0 for both ACTIV and ACCOM; otherwise correct
--     IN_TOUCH.
-- logic: IN_TOUCH is DIED or RHOM and ACTIV or ACCOM is anything but 0.
select
    'OC3' as table_name,
    data_row
from oc3
where
    in_touch in ('DIED', 'RHOM')
    and (activ is distinct from '0' or accom is distinct from '0')
