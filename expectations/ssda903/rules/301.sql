-- code: 301
-- message: Date of birth falls after the year ended.
-- fields: DOB
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DOB; if the child was not born by 31 March, leave the child out of this
--     year's return.
-- logic: DOB is after the end of the collection year.
select
    'Header' as table_name,
    header.data_row
from header
cross join metadata
where header.dob > metadata.collection_end
