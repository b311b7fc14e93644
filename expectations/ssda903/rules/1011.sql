-- code: 1011
-- message: This child is recorded as having his/her care transferred to another local authority for
--     the final episode and therefore should not have the care leaver information completed.
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Delete IN_TOUCH, ACTIV and ACCOM, for the other authority reports on this care
--     leaver; or correct REC of the child's last episode.
-- logic: REC of the episode that began last is E3 and IN_TOUCH, ACTIV or ACCOM is given.
with last_episode as (
    select
        child,
        rec
    from episodes
    where decom is not null
    qualify row_number() over (partition by child order by in_order desc) = 1
)

select
    'OC3' as table_name,
    oc3.data_row
from oc3
inner join last_episode on oc3.child = last_episode.child
where last_episode.rec = 'E3' and coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null
