-- code: 547
-- message: Any child who has health promotion information completed must also have immunisation,
--     teeth check, health assessment and substance misuse problem identified fields completed.
-- fields: HEALTH_CHECK, IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT, SUBSTANCE_MISUSE
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Complete IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT and SUBSTANCE_MISUSE; if the
--     health checks were not up to date, correct HEALTH_CHECK.
-- logic: HEALTH_CHECK is 1 and any of IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT and
--     SUBSTANCE_MISUSE is blank.
select
    'OC2' as table_name,
    data_row
from oc2
where
    health_check = '1'
    and (
        immunisations is null
        or teeth_check is null
        or health_assessment is null
        or substance_misuse is null
    )
