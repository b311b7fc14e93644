-- code: 182
-- message: Data entries on immunisations, teeth checks, health assessments and substance misuse
--     problem identified should be completed or all OC2 fields should be left blank.
-- fields: IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT, SUBSTANCE_MISUSE, CONVICTED, HEALTH_CHECK,
--     INTERVENTION_RECEIVED, INTERVENTION_OFFERED
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Complete immunisations, teeth check, health assessment and substance misuse; if the
--     child was not looked after for 12 months, leave all the items blank.
-- logic: One of IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT and SUBSTANCE_MISUSE is blank and one
--     of the other four items is given.
select
    'OC2' as table_name,
    data_row
from oc2
where
    (
        immunisations is null
        or teeth_check is null
        or health_assessment is null
        or substance_misuse is null
    )
    and (
        convicted is not null
        or health_check is not null
        or intervention_received is not null
        or intervention_offered is not null
    )
