-- code: 158
-- message: If a child has been recorded as receiving an intervention for their substance misuse
--     problem, then the additional item on whether an intervention was offered should be left
--     blank.
-- fields: INTERVENTION_RECEIVED, INTERVENTION_OFFERED
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Leave INTERVENTION_OFFERED blank where INTERVENTION_RECEIVED is 1; set
--     INTERVENTION_RECEIVED to 0 if none was received.
-- logic: INTERVENTION_RECEIVED is 1 and INTERVENTION_OFFERED is given.
select
    'OC2' as table_name,
    data_row
from oc2
where intervention_received = '1' and intervention_offered is not null
