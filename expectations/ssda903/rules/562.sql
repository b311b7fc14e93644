-- code: 562
-- message: Episode commenced before the start of the current collection year but there is a missing
--     continuous episode in the previous year.
-- fields: DECOM
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the first episode the DECOM of the last episode in last year's return, or
--     correct last year's: an episode that began before the year must be the one that last year
--     ended with.
-- logic: The first episode began before the collection year, and DECOM of the child's last episode
--     of last year is not the same.
with first_episode as (
    select
        episodes.data_row,
        episodes.child,
        episodes.decom
    from episodes
    cross join metadata
    where episodes.child is not null and episodes.decom < metadata.collection_start
    qualify row_number() over (partition by episodes.child order by episodes.in_order) = 1
),

end_of_last_year as (
    select
        child,
        max(decom) as decom
    from episodes_last
    group by child
)

select
    'Episodes' as table_name,
    first_episode.data_row
from first_episode
left join end_of_last_year on first_episode.child = end_of_last_year.child
where first_episode.decom is distinct from end_of_last_year.decom
