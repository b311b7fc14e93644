-- code: SW12STG2
-- message: If a child is looked after on 31 March then all social worker episodes for the full
--     previous year should be reported, even those whilst they were not looked after
-- fields: SW_DECOM
-- tables: Episodes, SWEpisodes
-- years: 2025-
-- severity: fix
-- how_to_fix: Add the child's social worker episodes to SWEpisodes for the whole time of its care,
--     in this and the previous year; check SW_DECOM against DECOM and DEC.
-- logic: An episode (open, or ended in this or the previous year) with LS other than V3 and V4 that
--     starts care (RNE S) or does not end with REC X1 has no social worker episode that began on or
--     after its DECOM (RNE S) or, with REC other than X1, on or before its DEC (the end of the year
--     where it is open).
with social_worker as (
    select
        child,
        min(sw_decom) as first_began,
        max(sw_decom) as last_began
    from sw_episodes
    group by child
)

select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
left join social_worker on episodes.child = social_worker.child
where
    coalesce(episodes.ls not in ('V3', 'V4'), true)
    and (episodes.rne = 'S' or episodes.rec is distinct from 'X1')
    and (
        episodes.dec is null
        or episodes.dec
        between add_years(metadata.collection_start, -1) and metadata.collection_end
    )
    and not coalesce(episodes.rne = 'S' and social_worker.last_began >= episodes.decom, false)
    and not coalesce(
        episodes.rec is distinct from 'X1'
        and social_worker.first_began <= coalesce(episodes.dec, metadata.collection_end),
        false
    )
