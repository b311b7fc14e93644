-- code: 180
-- message: Data entry for the strengths and difficulties questionnaire (SDQ) score is invalid.
-- fields: SDQ_SCORE
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the total score as a whole number from 0 to 40, or leave it blank and give
--     SDQ_REASON.
-- logic: SDQ_SCORE is given and is not a whole number from 0 to 40.
with scored as (
    select
        data_row,
        try_cast(sdq_score as double) as score
    from oc2
    where sdq_score is not null
)

select
    'OC2' as table_name,
    data_row
from scored
where score is null or score not between 0 and 40 or score <> floor(score)
