-- code: 351
-- message: Child was over 25 at the start of the current collection year.
-- fields: DOB
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, above all its year. If it is right, take the young person out of the
--     return.
-- logic: The child's 25th birthday is before the start of the collection year.
select
    'Header' as table_name,
    header.data_row
from header
cross join metadata
where add_years(header.dob, 25) < metadata.collection_start
