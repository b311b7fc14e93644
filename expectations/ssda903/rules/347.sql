-- code: 347
-- message: Care leavers aged under 18 years, can not be accommodated in a Foyer.
-- fields: PLACE, DEC, URN
-- tables: OC3
-- years: 2024-
-- severity: fix
-- how_to_fix: Check DOB and ACCOM; a Foyer (T1, T2) takes no care leaver who was under 18 when the
--     collection year began.
-- logic: ACCOM is T1 or T2 (Foyer) and the young person's 18th birthday is after the first day of
--     the collection year.
select
    'OC3' as table_name,
    oc3.data_row
from oc3
cross join metadata
where
    -- DfE's logic says T: the Foyer, without the return's 1 or 2 for suitable or not
    oc3.accom in ('T', 'T1', 'T2')
    and add_years(oc3.dob, 18) > metadata.collection_start
