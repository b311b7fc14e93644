-- code: 704
-- message: The date that the DoLO ended is before the start or after the end of the collection
--     year.
-- fields: DOLO_END
-- tables: DoLo
-- years: 2027-
-- severity: fix
-- how_to_fix: Correct DOLO_END. An order that ended before the year is left out of this return; one
--     that goes on after it has no DOLO_END yet.
-- logic: DOLO_END is outside the collection year.
select
    'DoLo' as table_name,
    dolo.data_row
from dolo
cross join metadata
where
    dolo.dolo_end < metadata.collection_start
    or dolo.dolo_end > metadata.collection_end
