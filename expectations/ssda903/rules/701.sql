-- code: 701
-- message: The end date of the DoLO is not a valid date.
-- fields: DOLO_END
-- tables: DoLo
-- years: 2027-
-- severity: fix
-- how_to_fix: Give DOLO_END as dd/mm/yyyy, or leave it blank while the order goes on.
-- logic: DOLO_END is given and is no date.
select
    'DoLo' as table_name,
    data_row
from dolo
where dolo_end__text is not null and dolo_end is null
