-- code: 159
-- message: If a child has been recorded as not receiving an intervention for their substance misuse
--     problem, then the additional item on whether an intervention was offered should be completed
--     as well.
-- fields: SUBSTANCE_MISUSE, INTERVENTION_RECEIVED, INTERVENTION_OFFERED
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Say in INTERVENTION_OFFERED whether an intervention was offered (1) or not (0).
-- logic: SUBSTANCE_MISUSE is 1, INTERVENTION_RECEIVED is 0 and INTERVENTION_OFFERED is blank.
select
    'OC2' as table_name,
    data_row
from oc2
where
    substance_misuse = '1'
    and intervention_received = '0'
    and intervention_offered is null
