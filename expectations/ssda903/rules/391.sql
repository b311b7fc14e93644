-- code: 391
-- message: Young person was not 17, 18, 19, 20 or 21 during the current collection year.
-- fields: DOB, IN_TOUCH, ACTIV, ACCOM
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB; where the young person was under 17 on 31 March, clear IN_TOUCH, ACTIV and
--     ACCOM.
-- logic: Any of IN_TOUCH, ACTIV and ACCOM is given and the 17th birthday is after the end of the
--     collection year.
select
    'OC3' as table_name,
    oc3.data_row
from oc3
cross join metadata
where
    add_years(oc3.dob, 17) > metadata.collection_end
    and coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null
