-- code: 118
-- message: Date of decision that a child should no longer be placed for adoption is before the
--     current collection year or before the date the child started to be looked after.
-- fields: DECOM, DECOM, LS
-- tables: Episodes, PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DATE_PLACED_CEASED: it can be neither before the year nor before DECOM of the
--     child's first episode. Delete the row if the decision was reported last year.
-- logic: DATE_PLACED_CEASED is before the year, or before DECOM of the first episode with LS other
--     than V3 and V4.
-- fails_in: Episodes, PlacedAdoption
with first_episode as (
    select
        child,
        data_row,
        decom
    from episodes
    where decom is not null and coalesce(ls not in ('V3', 'V4'), true)
    qualify row_number() over (partition by child order by in_order) = 1
),

too_early as (
    select
        first_episode.data_row as episode_row,
        placed_adoption.data_row as placed_row
    from first_episode
    inner join placed_adoption on first_episode.child = placed_adoption.child
    cross join metadata
    where
        placed_adoption.date_placed_ceased < metadata.collection_start
        or placed_adoption.date_placed_ceased < first_episode.decom
)

select
    'Episodes' as table_name,
    episode_row as data_row
from too_early
union all
select
    'PlacedAdoption' as table_name,
    placed_row as data_row
from too_early
