-- code: 581
-- message: Child is missing but has not yet started to be looked after.
-- fields: MIS_START
-- tables: Missing, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare MIS_START with DECOM and DEC of the child's episodes and correct whichever is
--     wrong; delete the missing period if the child was not looked after when it began.
-- logic: The child has episodes, and MIS_START is in none of them, the first and last day counted.
select
    'Missing' as table_name,
    missing.data_row
from missing
inner join episodes on missing.child = episodes.child
group by missing.data_row
having
    not bool_or(
        coalesce(
            missing.mis_start >= episodes.decom
            and (missing.mis_start <= episodes.dec or episodes.dec is null),
            false
        )
    )
