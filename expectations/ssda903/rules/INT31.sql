-- code: INT31
-- message: Internal Check: Child should only exist once in AD1.
-- fields: CHILD
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Keep one row of the child in AD1: delete rows that say the same, and decide which is
--     right where they differ.
-- logic: The child has more than one row in AD1.
select
    'AD1' as table_name,
    data_row
from ad1
where child is not null
qualify count(*) over (partition by child) > 1
