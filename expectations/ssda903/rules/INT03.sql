-- code: INT03
-- message: Internal Check: Child in Episodes does not exist in Header.
-- fields: CHILD
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD so that it is the same in both tables.
-- logic: The child of the episode is not in Header.
select
    'Episodes' as table_name,
    data_row
from episodes
where not exists (
    select 1
    from header
    where header.child = episodes.child
)
