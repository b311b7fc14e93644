-- code: 188
-- message: Child is aged under 4 years at the end of the year, but a Strengths and Difficulties
--     (SDQ) score or a reason for no SDQ score has been completed.
-- fields: SDQ_SCORE, SDQ_REASON
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Leave SDQ_SCORE and SDQ_REASON blank for a child under four, or correct DOB.
-- logic: The fourth birthday, by DOB in OC2, is after the end of the collection year and SDQ_SCORE
--     or SDQ_REASON is given.
select
    'OC2' as table_name,
    oc2.data_row
from oc2
cross join metadata
where
    add_years(oc2.dob, 4) > metadata.collection_end
    and (oc2.sdq_score is not null or oc2.sdq_reason is not null)
