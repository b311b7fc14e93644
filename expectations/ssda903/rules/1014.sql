-- code: 1014
-- message: UASC information is not required for care leavers
-- fields: ACTIV, ACCOM, IN_TOUCH, DUC
-- tables: UASC, OC3, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child was not looked after this year, take it out of UASC and keep it in OC3;
--     if it was, correct DECOM and DEC of its episodes.
-- logic: The child is in UASC, none of its episodes is within the year, and IN_TOUCH, ACTIV or
--     ACCOM is given.
-- fails_in: UASC, OC3
with not_this_year as (
    select episodes.child
    from episodes
    cross join metadata
    group by episodes.child
    having
        not bool_or(
            coalesce(
                episodes.decom <= metadata.collection_end
                and (episodes.dec >= metadata.collection_start or episodes.dec is null),
                false
            )
        )
),

care_leaver as (
    select
        uasc.data_row as uasc_row,
        oc3.data_row as oc3_row
    from not_this_year
    inner join uasc on not_this_year.child = uasc.child
    inner join oc3 on not_this_year.child = oc3.child
    where coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null
)

select
    'UASC' as table_name,
    uasc_row as data_row
from care_leaver
union all
select
    'OC3' as table_name,
    oc3_row as data_row
from care_leaver
