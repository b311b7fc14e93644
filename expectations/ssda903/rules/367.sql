-- code: 367
-- message: The maximum amount of respite care allowable is 75 days in any 12-month period.
-- fields: LS, DECOM, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM, DEC and LS of all the child's short breaks under V3 in the year. If
--     they did add up to more than 75 days, the child was not on short breaks under V3: correct
--     LS.
-- logic: The child's episodes under LS V3 add up to more than 75 days in the collection year;
--     open ones count to its end.
with short_breaks as (
    select
        episode_spans.child,
        episode_spans.data_row,
        least(episode_spans.ended, metadata.collection_end)
        - greatest(episode_spans.decom, metadata.collection_start) as days
    from episode_spans
    cross join metadata
    where
        episode_spans.ls = 'V3'
        and episode_spans.child is not null
)

select
    'Episodes' as table_name,
    data_row
from short_breaks
where days > 0
qualify sum(days) over (partition by child) > 75
