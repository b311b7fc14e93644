-- code: 189
-- message: Child is aged 17 years or over at the beginning of the year, but an Strengths and
--     Difficulties (SDQ) score or a reason for no Strengths and Difficulties (SDQ) score has been
--     completed.
-- fields: DOB, SDQ_SCORE, SDQ_REASON
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Leave SDQ_SCORE and SDQ_REASON blank for a young person of 17 or over, or correct
--     DOB.
-- logic: The 17th birthday, by DOB in OC2, is before the start of the collection year and SDQ_SCORE
--     or SDQ_REASON is given.
select
    'OC2' as table_name,
    oc2.data_row
from oc2
cross join metadata
where
    add_years(oc2.dob, 17) < metadata.collection_start
    and (oc2.sdq_score is not null or oc2.sdq_reason is not null)
