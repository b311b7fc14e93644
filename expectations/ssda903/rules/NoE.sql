-- code: NoE
-- message: This child has no episodes loaded for previous year even though child started to be
--     looked after before this current year.
-- fields: DECOM
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Look for the child in last year's return under this CHILD. If it was there under
--     another, use that; if the child came into care later, correct DECOM.
-- logic: The episode began before the collection year and last year's return has no episode of the
--     child.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
where
    episodes.decom < metadata.collection_start
    and not exists (
        select 1
        from episodes_last
        where episodes_last.child = episodes.child
    )
