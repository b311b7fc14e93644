-- code: 544
-- message: Any child who has conviction information completed must also have immunisation, teeth
--     check, health assessment and substance misuse problem identified fields completed.
-- fields: CONVICTED, IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT, SUBSTANCE_MISUSE
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Complete IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT and SUBSTANCE_MISUSE; if the
--     child was not convicted, correct CONVICTED.
-- logic: CONVICTED is 1 and any of IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT and
--     SUBSTANCE_MISUSE is blank.
select
    'OC2' as table_name,
    data_row
from oc2
where
    convicted = '1'
    and (
        immunisations is null
        or teeth_check is null
        or health_assessment is null
        or substance_misuse is null
    )
