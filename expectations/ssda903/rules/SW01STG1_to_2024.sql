-- code: SW01STG1
-- message: Child looked after on 31 March, but no social worker episode information is reported
-- fields: DEC
-- tables: SWEpisodes, Episodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Report the child's social worker in SWEpisodes with SW_ID, SW_DECOM and SW_REASON; if
--     the child left care, give DEC.
-- logic: The episode has no DEC and its LS is not V3 or V4, and the child has no SW_ID, no SW_DECOM
--     or no SW_REASON in any social worker episode.
-- fails_in: Episodes
with told_of as (
    select child
    from sw_episodes
    group by child
    having count(sw_id) > 0 and count(sw_decom__text) > 0 and count(sw_reason) > 0
)

select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join told_of on episodes.child = told_of.child
where
    episodes.dec__text is null
    and (episodes.ls is null or episodes.ls not in ('V3', 'V4'))
    and told_of.child is null
