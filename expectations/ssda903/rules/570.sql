-- code: 570
-- message: The date that the child started to be missing or away from placement without
--     authorisation is after the end of the collection year.
-- fields: MIS_START
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct MIS_START, or leave the period for next year's return.
-- logic: MIS_START is after the end of the collection year.
select
    'Missing' as table_name,
    missing.data_row
from missing
cross join metadata
where missing.mis_start > metadata.collection_end
