-- code: 565
-- message: The date that the child started to be missing or away from placement without
--     authorisation has been completed but whether the child was missing or away from placement
--     without authorisation has not been completed.
-- fields: MISSING, MIS_START
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Give M or A in MISSING, or take the row out if the child was not missing or away.
-- logic: MIS_START is given and MISSING is blank.
select
    'Missing' as table_name,
    data_row
from missing
where missing is null and mis_start__text is not null
