-- code: 632
-- message: Date of previous permanence order not a valid value. NOTE: This rule may result in false
--     negatives where the period of care started before the current collection year
-- fields: DATE_PERM, DECOM
-- tables: Episodes, PrevPerm
-- years: 2023-
-- severity: fix
-- how_to_fix: Give DATE_PERM as dd/mm/yyyy, before the child's first DECOM; where a part is not
--     known, write ZZ for the day or month and ZZZZ for the year.
-- logic: DATE_PERM is no date in dd/mm/yyyy (ZZ or ZZZZ may stand for a part), or it cannot be
--     before DECOM of the child's first episode.
-- fails_in: Episodes, PrevPerm
with first_episode as (
    select
        child,
        data_row,
        decom
    from episodes
    where decom is not null
    qualify row_number() over (partition by child order by in_order) = 1
),

-- The earliest day that DATE_PERM can mean, null where it cannot be read. A year that is not known
-- is taken for 2000, before any child of today came into care.
order_made as (
    select
        child,
        data_row,
        ssda903_date(
            regexp_replace(
                regexp_replace(regexp_replace(date_perm, '^ZZ/', '01/'), '/ZZ/', '/01/'),
                '/ZZZZ$',
                '/2000'
            )
        ) as earliest_day
    from prev_perm
    where date_perm is not null
),

not_valid as (
    select
        first_episode.data_row as episode_row,
        order_made.data_row as order_row
    from first_episode
    inner join order_made on first_episode.child = order_made.child
    where order_made.earliest_day is null or order_made.earliest_day >= first_episode.decom
)

select
    'Episodes' as table_name,
    episode_row as data_row
from not_valid
union all
select
    'PrevPerm' as table_name,
    order_row as data_row
from not_valid
