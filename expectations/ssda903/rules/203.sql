-- code: 203
-- message: Date of birth disagrees with the date of birth already recorded for this child.
-- fields: DOB
-- tables: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB with last year's return and correct the one that is wrong.
-- logic: DOB differs from the one in last year's Header; a date that cannot be read counts as
--     blank.
select
    'Header' as table_name,
    header.data_row
from header
inner join header_last on header.child = header_last.child
where header.dob is distinct from header_last.dob
