-- One row per row of OC2: what it says, and whether the child was looked after without a break all
-- year (no, where it has no episode).
select
    oc2.*,
    coalesce(continuously_looked_after.is_continuous, false) as is_continuous
from oc2
left join continuously_looked_after on oc2.child = continuously_looked_after.child
