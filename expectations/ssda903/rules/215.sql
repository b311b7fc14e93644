-- code: 215
-- message: Child has care leaver information but one or more data items relating to children looked
--     after for 12 months have been completed.
-- fields: IN_TOUCH, ACTIV, ACCOM, CONVICTED, HEALTH_CHECK, IMMUNISATIONS, TEETH_CHECK,
--     HEALTH_ASSESSMENT, SUBSTANCE_MISUSE, INTERVENTION_RECEIVED, INTERVENTION_OFFERED
-- tables: OC3, OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: A child is reported either as looked after for 12 months (OC2) or as a care leaver
--     (OC3). Find which is true and clear the other's answers.
-- logic: Any of the care leaver answers in OC3 is given and the same child has any of the 12 month
--     answers in OC2.
-- fails_in: OC3, OC2
with both_given as (
    select
        oc3.data_row as oc3_row,
        oc2.data_row as oc2_row
    from oc3
    inner join oc2 on oc3.child = oc2.child
    where
        coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null
        and coalesce(
            oc2.convicted,
            oc2.health_check,
            oc2.immunisations,
            oc2.teeth_check,
            oc2.health_assessment,
            oc2.substance_misuse,
            oc2.intervention_received,
            oc2.intervention_offered
        ) is not null
)

select
    'OC3' as table_name,
    oc3_row as data_row
from both_given
union all
select
    'OC2' as table_name,
    oc2_row as data_row
from both_given
