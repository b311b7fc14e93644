-- code: 566
-- message: The date that the child's episode of being missing or away from placement without
--     authorisation ended has been completed but whether the child was missing or away without
--     authorisation has not been completed.
-- fields: MISSING, MIS_END
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Give M or A in MISSING, or take the row out if the child was not missing or away.
-- logic: MIS_END is given and MISSING is blank.
select
    'Missing' as table_name,
    data_row
from missing
where missing is null and mis_end__text is not null
