-- code: 196
-- message: Strengths and Difficulties (SDQ) reason is not a valid code.
-- fields: SDQ_REASON
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Give SDQ_REASON as one of SDQ1 to SDQ5, or leave it blank where there is a score.
-- logic: SDQ_REASON is given and is none of SDQ1 to SDQ5.
select
    'OC2' as table_name,
    data_row
from oc2
where sdq_reason not in ('SDQ1', 'SDQ2', 'SDQ3', 'SDQ4', 'SDQ5')
