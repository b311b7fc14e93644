-- code: 543
-- message: Child is aged 10 or over at 31 March and has been looked after continuously for 12
--     months yet conviction information has not been completed.
-- fields: DOB, CONVICTED
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give CONVICTED as 0 or 1 for a child of 10 or over, or correct DOB.
-- logic: Looked after all year, at least 10 on the last day of it, and CONVICTED is blank.
select
    'OC2' as table_name,
    oc2_continuity.data_row
from oc2_continuity
cross join metadata
where
    oc2_continuity.is_continuous
    and oc2_continuity.convicted is null
    and add_years(oc2_continuity.dob, 10) <= metadata.collection_end
