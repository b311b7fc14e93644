-- code: 378
-- message: A child who is placed with parent(s) cannot be looked after under a single period of
--     accommodation under Section 20 of the Children Act 1989.
-- fields: PLACE, LS
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PLACE and LS of the episode. A child placed with parents (P1) needs another
--     legal status than V2; a child under V2 another placement.
-- logic: PLACE is P1 and LS is V2.
select
    'Episodes' as table_name,
    data_row
from episodes
where place = 'P1' and ls = 'V2'
