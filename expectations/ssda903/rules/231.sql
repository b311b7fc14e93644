-- code: 231
-- message: We expect that unaccompanied asylum seeking children are generally older young people.
--     Please check the date of birth is correct. If the date of birth is correct then please
--     provide details in a bypass request.
-- fields: DOB, UASC_STATUS
-- tables: Header
-- optional: UASC
-- years: 2025-
-- severity: warn
-- how_to_fix: Check the child's date of birth and that the child is unaccompanied and seeking
--     asylum. If both are right, explain it in a bypass request.
-- logic: The child is unaccompanied and seeking asylum and turns 11 after the end of the collection
--     year.
select
    'Header' as table_name,
    header.data_row
from header
cross join metadata
where
    header.uasc = '1'
    and header.dob > add_years(metadata.collection_end, -11)
