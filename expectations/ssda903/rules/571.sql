-- code: 571
-- message: The date that the child ceased to be missing or away from placement without
--     authorisation is before the start or after the end of the collection year.
-- fields: MIS_END
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct MIS_END. A period that ended before 1 April belongs in last year's return;
--     one that had not ended by 31 March has no MIS_END.
-- logic: MIS_END is before the start or after the end of the collection year.
select
    'Missing' as table_name,
    missing.data_row
from missing
cross join metadata
where missing.mis_end not between metadata.collection_start and metadata.collection_end
