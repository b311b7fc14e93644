-- code: 157
-- message: Child is aged 4 years or over at the beginning of the year or 16 years or under at the
--     end of the year and Strengths and Difficulties Questionnaire (SDQ) 1 has been recorded as the
--     reason for no Strengths and Difficulties Questionnaire (SDQ) score.
-- fields: SDQ_REASON, DOB
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: SDQ1 says that the child was too young or too old for the questionnaire, and by DOB
--     it was not: give SDQ_SCORE, or another reason; or correct DOB.
-- logic: Looked after all year, at least 4 on the first day of it and at most 16 on the last,
--     SDQ_SCORE is blank and SDQ_REASON is SDQ1.
select
    'OC2' as table_name,
    oc2_continuity.data_row
from oc2_continuity
cross join metadata
where
    oc2_continuity.is_continuous
    and oc2_continuity.sdq_score is null
    and oc2_continuity.sdq_reason = 'SDQ1'
    and add_years(oc2_continuity.dob, 4) <= metadata.collection_start
    and add_years(oc2_continuity.dob, 16) >= metadata.collection_end
