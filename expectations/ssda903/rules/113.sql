-- code: 113
-- message: Date matching child and adopter(s) is not a valid date.
-- fields: DATE_MATCH
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DATE_MATCH, the date of matching child and adopters: a day that there is,
--     written as dd/mm/yyyy. Leave it blank if there is none.
-- logic: DATE_MATCH is given but is no date.
select
    'AD1' as table_name,
    data_row
from ad1
where date_match is null and date_match__text is not null
