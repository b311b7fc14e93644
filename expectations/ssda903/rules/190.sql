-- code: 190
-- message: Child has not been looked after continuously for at least 12 months at 31 March but one
--     or more data items relating to children looked after for 12 months have been completed.
-- fields: CONVICTED, HEALTH_CHECK, IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT, SUBSTANCE_MISUSE,
--     INTERVENTION_RECEIVED, INTERVENTION_OFFERED
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Leave CONVICTED, the health fields and the INTERVENTION fields blank, or correct the
--     episodes (DECOM with RNE S, DEC with REC, LS V3 or V4) if the child was looked after all
--     year.
-- logic: The child was not looked after all year and one of the fields is given.
select
    'OC2' as table_name,
    data_row
from oc2_continuity
where
    not is_continuous
    and coalesce(
        convicted,
        health_check,
        immunisations,
        teeth_check,
        health_assessment,
        substance_misuse,
        intervention_received,
        intervention_offered
    ) is not null
