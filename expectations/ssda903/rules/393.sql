-- code: 393
-- message: Child is looked after but mother field is not completed.
-- fields: MOTHER
-- tables: Header, Episodes
-- years: 2025-
-- severity: fix
-- how_to_fix: Give MOTHER for the girl: 1 if she has a child, 0 if she has none.
-- logic: SEX is F, MOTHER is blank, and the child has an episode with another LS than V3 and V4.
select
    'Header' as table_name,
    data_row
from header
where
    sex = 'F'
    and mother is null
    and child in (
        select episodes.child
        from episodes
        where episodes.ls is null or upper(episodes.ls) not in ('V3', 'V4')
    )
