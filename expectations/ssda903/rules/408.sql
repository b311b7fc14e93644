-- code: 408
-- message: Child is placed for adoption with a placement order, but no placement order has been
--     recorded.
-- fields: PLACE, LS
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: A5 and A6 are placements for adoption with a placement order: correct LS to E1 if
--     there is an order, or PLACE to A3 or A4 if the parents consented.
-- logic: PLACE is A5 or A6 and LS is not E1.
select
    'Episodes' as table_name,
    data_row
from episodes
where place in ('A5', 'A6') and ls is distinct from 'E1'
