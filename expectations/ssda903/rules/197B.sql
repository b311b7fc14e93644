-- code: 197B
-- message: SDQ score or reason for no SDQ should be reported for 4- or 17-year-olds.
-- fields: SDQ_REASON, DOB
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: The child turned 4 or 17 during the year: give SDQ_SCORE, or say in SDQ_REASON why
--     there is none.
-- logic: Looked after all year, 4th or 17th birthday in the year, and neither SDQ_SCORE nor
--     SDQ_REASON is given.
select
    'OC2' as table_name,
    oc2_continuity.data_row
from oc2_continuity
cross join metadata
where
    oc2_continuity.is_continuous
    and oc2_continuity.sdq_score is null
    and oc2_continuity.sdq_reason is null
    and (
        add_years(oc2_continuity.dob, 4)
        between metadata.collection_start and metadata.collection_end
        or add_years(oc2_continuity.dob, 17)
        between metadata.collection_start and metadata.collection_end
    )
