-- code: 187
-- message: Child cannot be looked after continuously for 12 months at 31 March (OC2) and have any
--     of adoption or care leavers returns completed.
-- fields: DATE_INT, DATE_MATCH, FOSTER_CARE, NB_ADOPTR, SEX_ADOPTR, LS_ADOPTR, IN_TOUCH, ACTIV,
--     ACCOM
-- tables: AD1, OC3, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child was looked after all year, leave their fields in AD1 and OC3 blank. If
--     they left care or were adopted, correct DEC and REC of the last episode.
-- logic: The child was looked after without a break all year, and one of the six fields on the
--     adoption or IN_TOUCH, ACTIV or ACCOM is filled.
-- fails_in: AD1, OC3
with all_year as (
    select child
    from continuously_looked_after
    where is_continuous
)

select
    'AD1' as table_name,
    data_row
from adoption_details
where items_filled > 0 and child in (select all_year.child from all_year)
union all
select
    'OC3' as table_name,
    data_row
from oc3
where
    coalesce(in_touch, activ, accom) is not null
    and child in (select all_year.child from all_year)
