-- code: 1004
-- message: The start date of the missing episode or episode that the child was away from placement
--     without authorisation is not a valid date.
-- fields: MIS_START
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Give MIS_START as dd/mm/yyyy.
-- logic: MIS_START is blank or is no date.
select
    'Missing' as table_name,
    data_row
from missing
where mis_start is null
