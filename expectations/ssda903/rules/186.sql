-- code: 186
-- message: Children aged 4 or over at the start of the year and children aged under 17 at the end
--     of the year and who have been looked after for at least 12 months continuously should have a
--     Strengths and Difficulties (SDQ) score completed.
-- fields: SDQ_SCORE
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give SDQ_SCORE; or, where there is none, say why in SDQ_REASON.
-- logic: Looked after all year, at least 4 on the first day of it and under 17 on the last, and
--     neither SDQ_SCORE nor SDQ_REASON is given.
select
    'OC2' as table_name,
    oc2_continuity.data_row
from oc2_continuity
cross join metadata
where
    oc2_continuity.is_continuous
    and oc2_continuity.sdq_score is null
    and oc2_continuity.sdq_reason is null
    and add_years(oc2_continuity.dob, 4) <= metadata.collection_start
    and add_years(oc2_continuity.dob, 17) > metadata.collection_end
