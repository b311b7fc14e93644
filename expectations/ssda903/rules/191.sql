-- code: 191
-- message: Child has been looked after continuously for at least 12 months at 31 March but one or
--     more data items relating to children looked after for 12 months have been left blank.
-- fields: IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT, SUBSTANCE_MISUSE, CHILD
-- tables: OC2, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Complete IMMUNISATIONS, TEETH_CHECK, HEALTH_ASSESSMENT and SUBSTANCE_MISUSE for the
--     child; where the row given is of Episodes, the child has no row in OC2 yet: add one.
-- logic: The child was looked after all year and one of the four fields is blank, or it is not in
--     OC2 (then its first episode is given).
-- fails_in: OC2, Episodes
with first_episode as (
    select
        child,
        data_row
    from episodes
    where decom is not null
    qualify row_number() over (partition by child order by in_order) = 1
)

select
    'OC2' as table_name,
    data_row
from oc2_continuity
where
    is_continuous
    and (
        immunisations is null
        or teeth_check is null
        or health_assessment is null
        or substance_misuse is null
    )
union all
select
    'Episodes' as table_name,
    first_episode.data_row
from first_episode
inner join continuously_looked_after on first_episode.child = continuously_looked_after.child
where
    continuously_looked_after.is_continuous
    and not exists (select 1 from oc2 where oc2.child = first_episode.child)
