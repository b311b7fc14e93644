-- code: 545
-- message: Child is aged under 5 at 31 March and has been looked after continuously for 12 months
--     yet health promotion information has not been completed.
-- fields: DOB, HEALTH_CHECK
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give HEALTH_CHECK as 0 or 1 for a child under 5, or correct DOB.
-- logic: Looked after all year, under 5 on the last day of it, and HEALTH_CHECK is blank.
select
    'OC2' as table_name,
    oc2_continuity.data_row
from oc2_continuity
cross join metadata
where
    oc2_continuity.is_continuous
    and oc2_continuity.health_check is null
    and add_years(oc2_continuity.dob, 5) > metadata.collection_end
