-- code: 193
-- message: Child not identified as having a substance misuse problem but at least one of the two
--     additional items on whether an intervention were offered and received have been completed.
-- fields: SUBSTANCE_MISUSE, INTERVENTION_RECEIVED, INTERVENTION_OFFERED
-- tables: OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: Leave INTERVENTION_RECEIVED and INTERVENTION_OFFERED blank, or set SUBSTANCE_MISUSE
--     to 1 if the child has a substance misuse problem.
-- logic: SUBSTANCE_MISUSE is 0 or blank and INTERVENTION_RECEIVED or INTERVENTION_OFFERED is given.
select
    'OC2' as table_name,
    data_row
from oc2
where
    coalesce(substance_misuse, '0') = '0'
    and (intervention_received is not null or intervention_offered is not null)
