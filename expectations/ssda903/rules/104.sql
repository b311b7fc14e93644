-- code: 104
-- message: Date for Unaccompanied Asylum-Seeking Children (UASC) status ceased is not a valid date.
-- fields: DUC
-- tables: UASC
-- years: 2023-
-- severity: fix
-- how_to_fix: Write DUC as a real date, dd/mm/yyyy, on or after 1 April of the collection year;
--     where the child ceased to be UASC before that, take the row out of UASC.
-- logic: DUC is given and is no date, or it is before the collection year.
select
    'UASC' as table_name,
    uasc.data_row
from uasc
cross join metadata
where
    (uasc.duc is null and uasc.duc__text is not null)
    or uasc.duc < metadata.collection_start
