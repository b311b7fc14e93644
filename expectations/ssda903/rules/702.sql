-- code: 702
-- message: The date that the DoLO ended is before the date that it started.
-- fields: DOLO_START, DOLO_END
-- tables: DoLo
-- years: 2027-
-- severity: fix
-- how_to_fix: Check both dates against the court order and correct the wrong one; an order ends
--     after the day it starts.
-- logic: DOLO_END is on or before DOLO_START.
select
    'DoLo' as table_name,
    data_row
from dolo
where dolo_end <= dolo_start
