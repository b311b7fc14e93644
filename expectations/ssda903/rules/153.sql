-- code: 153
-- message: All data items relating to a child's activity or accommodation after leaving care must
--     be coded or left blank.
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Complete all of IN_TOUCH, ACTIV and ACCOM, or clear all three if the young person is
--     no care leaver of this year.
-- logic: Of IN_TOUCH, ACTIV and ACCOM some are given and some are blank.
select
    'OC3' as table_name,
    data_row
from oc3
where
    (in_touch is null or activ is null or accom is null)
    and coalesce(in_touch, activ, accom) is not null
