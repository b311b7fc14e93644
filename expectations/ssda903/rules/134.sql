-- code: 134
-- message: Data on adoption should not be entered for the OC3 cohort.
-- fields: IN_TOUCH, ACTIV, ACCOM, DATE_INT, DATE_MATCH, FOSTER_CARE, NB_ADOPTR, SEX_ADOPTR,
--     LS_ADOPTR
-- tables: AD1, OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: A child cannot be a care leaver in OC3 and adopted in AD1. Find out which is true and
--     leave the fields of the other blank.
-- logic: One of the six fields on the adoption is filled, and so is IN_TOUCH, ACTIV or ACCOM of the
--     child in OC3.
select
    'AD1' as table_name,
    data_row
from adoption_details
where
    items_filled > 0
    and child in (
        select oc3.child
        from oc3
        where coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null
    )
