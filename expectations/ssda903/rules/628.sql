-- code: 628
-- message: Motherhood details are not required for care leavers who have not been looked after
--     during the year.
-- fields: MOTHER
-- tables: Header, Episodes, OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Empty MOTHER for the care leaver, or add the episodes if the young person was looked
--     after in the year.
-- logic: MOTHER is given for a child with IN_TOUCH, ACTIV or ACCOM in OC3 and no episode.
select
    'Header' as table_name,
    data_row
from header
where
    mother is not null
    and child in (
        select oc3.child
        from oc3
        where coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null
    )
    and not exists (
        select 1
        from episodes
        where episodes.child = header.child
    )
