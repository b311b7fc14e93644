-- code: 377
-- message: Only two temporary placements coded as being due to holiday of usual foster carer(s) are
--     allowed in any 12- month period.
-- fields: PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Look at every episode of the child with PLACE T3. Keep T3 only where the usual foster
--     carer was on holiday; give another placement code to the rest.
-- logic: The child has more than two episodes with PLACE T3 in the return, which covers one year.
select
    'Episodes' as table_name,
    data_row
from episodes
where place = 'T3' and child is not null
qualify count(*) over (partition by child) > 2
