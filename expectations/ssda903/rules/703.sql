-- code: 703
-- message: The date that the DoLO started is after the end of the collection year.
-- fields: DOLO_START
-- tables: DoLo
-- years: 2027-
-- severity: fix
-- how_to_fix: Correct DOLO_START, or take the order out of this return: it belongs to next year's.
-- logic: DOLO_START is after the end of the collection year.
select
    'DoLo' as table_name,
    dolo.data_row
from dolo
cross join metadata
where dolo.dolo_start > metadata.collection_end
