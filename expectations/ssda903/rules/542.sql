-- code: 542
-- message: A child aged under 10 at 31 March should not have conviction information completed.
-- fields: CONVICTED
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB; where the child was under 10 on 31 March, clear CONVICTED.
-- logic: CONVICTED is given and the child's tenth birthday is after the end of the collection year.
select
    'OC2' as table_name,
    oc2.data_row
from oc2
cross join metadata
where
    add_years(oc2.dob, 10) > metadata.collection_end
    and oc2.convicted is not null
