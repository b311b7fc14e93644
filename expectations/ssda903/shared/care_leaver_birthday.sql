-- One row per row of OC3 with care leaver information on a child who is 17 or 18 on the last day of
-- the year: the child's last birthday.
select
    oc3.data_row,
    oc3.child,
    case
        when add_years(oc3.dob, 18) <= metadata.collection_end then add_years(oc3.dob, 18)
        else add_years(oc3.dob, 17)
    end as last_birthday
from oc3
cross join metadata
where
    coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null
    and add_years(oc3.dob, 17) <= metadata.collection_end
    and add_years(oc3.dob, 19) > metadata.collection_end
