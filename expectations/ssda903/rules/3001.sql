-- code: 3001
-- message: Where care leavers information is being returned for a young person around their 17th
--     birthday, the accommodation cannot be with their former foster carer(s).
-- fields: REC
-- tables: OC3, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check ACCOM in OC3: Z1 and Z2 (with former foster carers) are for young people older
--     than this. Correct it, or DOB if that is wrong.
-- logic: ACCOM is Z1 or Z2 and the 17th birthday, by DOB in Header, is in the collection year.
select
    'OC3' as table_name,
    oc3.data_row
from oc3
inner join header on oc3.child = header.child
cross join metadata
where
    oc3.accom in ('Z1', 'Z2')
    and add_years(header.dob, 17)
    between metadata.collection_start and metadata.collection_end
