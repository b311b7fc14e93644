-- code: 631
-- message: Previous permanence option not a valid value.
-- fields: PREV_PERM
-- tables: PrevPerm
-- years: 2023-
-- severity: fix
-- how_to_fix: Give PREV_PERM as one of P1 to P4, or Z1 where the child had no such order.
-- logic: PREV_PERM is given and is none of P1 to P4 and Z1.
select
    'PrevPerm' as table_name,
    data_row
from prev_perm
where prev_perm not in ('P1', 'P2', 'P3', 'P4', 'Z1')
