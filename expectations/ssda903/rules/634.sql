-- code: 634
-- message: There are entries for previous permanence options, but child has not started to be
--     looked after from 1 April 2016 onwards.
-- fields: LA_PERM, PREV_PERM, DATE_PERM, DECOM
-- tables: Episodes, PrevPerm
-- years: 2023-
-- severity: fix
-- how_to_fix: Take the child out of PrevPerm, which is for those who started to be looked after on
--     or after 1 April 2016; or correct DECOM.
-- logic: PREV_PERM, LA_PERM or DATE_PERM is given and every episode of the child began before 1
--     April 2016.
-- fails_in: Episodes, PrevPerm
with started_before as (
    select child
    from episodes
    group by child
    having max(decom) < date '2016-04-01'
),

completed as (
    select
        episodes.data_row as episode_row,
        prev_perm.data_row as order_row
    from started_before
    inner join episodes on started_before.child = episodes.child
    inner join prev_perm on started_before.child = prev_perm.child
    where coalesce(prev_perm.prev_perm, prev_perm.la_perm, prev_perm.date_perm) is not null
)

select
    'Episodes' as table_name,
    episode_row as data_row
from completed
union all
select
    'PrevPerm' as table_name,
    order_row as data_row
from completed
