-- code: 620
-- message: Child has been recorded as a mother, but date of birth shows that the mother is under 11
--     years of age.
-- fields: DOB, MOTHER
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB and MOTHER; one of them is almost certainly wrong.
-- logic: MOTHER is 1 and the child's 11th birthday is after the start of the collection year.
select
    'Header' as table_name,
    header.data_row
from header
cross join metadata
where
    header.mother = '1'
    and add_years(header.dob, 11) > metadata.collection_start
