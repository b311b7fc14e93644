-- code: 181
-- message: Data items relating to children looked after continuously for 12 months should be
--     completed with a 0 or 1.
-- fields: CONVICTED, HEALTH_CHECK, IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT, SUBSTANCE_MISUSE,
--     INTERVENTION_RECEIVED, INTERVENTION_OFFERED
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Look for the item of the row that is neither 0 nor 1 and give 0 for no or 1 for yes.
-- logic: One of the eight items is given and is neither 0 nor 1.
select
    'OC2' as table_name,
    data_row
from oc2
where
    convicted not in ('0', '1')
    or health_check not in ('0', '1')
    or immunisations not in ('0', '1')
    or teeth_check not in ('0', '1')
    or health_assessment not in ('0', '1')
    or substance_misuse not in ('0', '1')
    or intervention_received not in ('0', '1')
    or intervention_offered not in ('0', '1')
