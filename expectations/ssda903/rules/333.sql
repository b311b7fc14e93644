-- code: 333
-- message: Date should be placed for adoption must be on or prior to the date of matching child
--     with adopter(s).
-- fields: DATE_INT
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DATE_INT, the date the child should be placed for adoption: give it if it is
--     missing, and correct whichever date is wrong if it is after DATE_MATCH.
-- logic: DATE_MATCH is given, and DATE_INT is missing or after it.
select
    'AD1' as table_name,
    data_row
from ad1
where
    date_match is not null
    and coalesce(date_int > date_match, true)
