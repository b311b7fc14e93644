-- code: 192
-- message: Child has been identified as having a substance misuse problem but the additional item
--     on whether an intervention was received has been left blank.
-- fields: SUBSTANCE_MISUSE, INTERVENTION_RECEIVED
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Say in INTERVENTION_RECEIVED whether an intervention was received (1) or not (0).
-- logic: SUBSTANCE_MISUSE is 1 and INTERVENTION_RECEIVED is blank.
select
    'OC2' as table_name,
    data_row
from oc2
where substance_misuse = '1' and intervention_received is null
