-- code: 426
-- message: A child receiving respite care cannot be recorded under a legal status of V3 and V4 in
--     the same year.
-- fields: LS
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Look at all the child's episodes of short breaks. Use either V3 or V4 throughout the
--     year: correct LS where it is wrong.
-- logic: The child has an episode with LS V3 and another with LS V4.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls in ('V3', 'V4') and child is not null
qualify count(distinct ls) over (partition by child) = 2
