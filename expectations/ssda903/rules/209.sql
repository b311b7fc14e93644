-- code: 209
-- message: Child looked after is of school age and should not have an unknown Unique Pupil Number
--     (UPN) code of UN1.
-- fields: UPN, DOB
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Ask the school or the education team for the UPN and give it in place of UN1; check
--     DOB if the child is not of school age.
-- logic: The child's fourth birthday is on or before 31 August of the year before the collection
--     year began, and UPN is UN1.
select
    'Header' as table_name,
    header.data_row
from header
cross join metadata
where
    header.upn = 'UN1'
    and add_years(header.dob, 4) <= make_date(year(metadata.collection_start) - 1, 8, 31)
