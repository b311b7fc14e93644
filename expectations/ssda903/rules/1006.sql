-- code: 1006
-- message: Missing type invalid.
-- fields: MISSING
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Use M for missing or A for away from placement without authorisation.
-- logic: MISSING is neither M nor A nor blank.
select
    'Missing' as table_name,
    data_row
from missing
where missing not in ('M', 'A')
