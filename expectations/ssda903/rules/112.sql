-- code: 112
-- message: Date should be placed for adoption is not a valid date.
-- fields: DATE_INT
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DATE_INT, the date the child should be placed for adoption: a day that there
--     is, written as dd/mm/yyyy. Leave it blank if there is none.
-- logic: DATE_INT is given but is no date.
select
    'AD1' as table_name,
    data_row
from ad1
where date_int is null and date_int__text is not null
