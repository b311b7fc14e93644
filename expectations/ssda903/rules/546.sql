-- code: 546
-- message: Children aged 5 or over at 31 March should not have health promotion information
--     completed.
-- fields: DOB, HEALTH_CHECK
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Delete HEALTH_CHECK, which is for children under 5 only, or correct DOB.
-- logic: Looked after all year, at least 5 on the last day of it, and HEALTH_CHECK is given.
select
    'OC2' as table_name,
    oc2_continuity.data_row
from oc2_continuity
cross join metadata
where
    oc2_continuity.is_continuous
    and oc2_continuity.health_check is not null
    and add_years(oc2_continuity.dob, 5) <= metadata.collection_end
