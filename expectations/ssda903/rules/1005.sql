-- code: 1005
-- message: The end date of the missing episode or episode that the child was away from placement
--     without authorisation is not a valid date.
-- fields: MIS_END
-- tables: Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: Give MIS_END as dd/mm/yyyy, or leave it blank while the child is still missing or
--     away.
-- logic: MIS_END is given and is no date.
select
    'Missing' as table_name,
    data_row
from missing
where mis_end__text is not null and mis_end is null
