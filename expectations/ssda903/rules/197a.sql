-- code: 197a
-- message: Reason for no Strengths and Difficulties (SDQ) score is not required if Strengths and
--     Difficulties Questionnaire score is filled in.
-- fields: SDQ_SCORE, SDQ_REASON
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Where the score in SDQ_SCORE is right, clear SDQ_REASON; where there was no
--     questionnaire, clear SDQ_SCORE.
-- logic: Both SDQ_SCORE and SDQ_REASON are given.
select
    'OC2' as table_name,
    data_row
from oc2
where sdq_score is not null and sdq_reason is not null
