-- code: 198
-- message: Child has not been looked after continuously for at least 12 months at 31 March but a
--     reason for no Strengths and Difficulties (SDQ) score has been completed.
-- fields: SDQ_REASON
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Delete SDQ_REASON, or correct the episodes (DECOM with RNE S, DEC with REC, LS V3 or
--     V4) if the child was looked after all year.
-- logic: SDQ_REASON is given for a child who was not looked after all year.
select
    'OC2' as table_name,
    data_row
from oc2_continuity
where not is_continuous and sdq_reason is not null
