-- code: 117
-- message: Date of decision that a child should/should no longer be placed for adoption is beyond
--     the current collection year or after the child ceased to be looked after.
-- fields: DATE_PLACED_CEASED, DATE_PLACED, DEC, REC, DECOM
-- tables: Episodes, PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DATE_PLACED and DATE_PLACED_CEASED: neither can be after the last day of the
--     year or after DEC of the child's last episode. Or correct DEC.
-- logic: DATE_PLACED or DATE_PLACED_CEASED is after the year, or after DEC of the episode that
--     began last among those whose REC is not X1.
-- fails_in: Episodes, PlacedAdoption
with last_episode as (
    select
        child,
        data_row,
        dec
    from episodes
    where decom is not null and rec is distinct from 'X1'
    qualify row_number() over (partition by child order by in_order desc) = 1
),

too_late as (
    select
        last_episode.data_row as episode_row,
        placed_adoption.data_row as placed_row
    from last_episode
    inner join placed_adoption on last_episode.child = placed_adoption.child
    cross join metadata
    where
        placed_adoption.date_placed > metadata.collection_end
        or placed_adoption.date_placed > last_episode.dec
        or placed_adoption.date_placed_ceased > metadata.collection_end
        or placed_adoption.date_placed_ceased > last_episode.dec
)

select
    'Episodes' as table_name,
    episode_row as data_row
from too_late
union all
select
    'PlacedAdoption' as table_name,
    placed_row as data_row
from too_late
