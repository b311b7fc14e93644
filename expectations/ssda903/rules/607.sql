-- code: 607
-- message: Child ceased to be looked after in the year, but mother field has not been completed.
-- fields: DEC, REC, MOTHER, LS, SEX
-- tables: Episodes, Header
-- years: 2025-
-- severity: fix
-- how_to_fix: Give MOTHER for the girl: 1 if she has a child, 0 if she has none.
-- logic: SEX is F, MOTHER is blank, and an episode with another LS than V3 and V4 ended in the year
--     with a REC other than X1.
-- fails_in: Episodes, Header
with failing as (
    select
        episode_with_header.data_row,
        episode_with_header.header_row
    from episode_with_header
    cross join metadata
    where
        episode_with_header.sex = 'F'
        and episode_with_header.mother is null
        and episode_with_header.rec <> 'X1'
        and (episode_with_header.ls is null or episode_with_header.ls not in ('V3', 'V4'))
        and episode_with_header.dec >= metadata.collection_start
        and episode_with_header.dec <= metadata.collection_end
)

select
    'Episodes' as table_name,
    data_row
from failing
union all
select
    'Header' as table_name,
    header_row as data_row
from failing
