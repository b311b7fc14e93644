-- code: 375
-- message: Hospitalisation coded as a temporary placement exceeds six weeks.
-- fields: DECOM, PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM and DEC. A child who is away for longer than six weeks has moved: give
--     the code of the true placement in place of T1, a stay in hospital.
-- logic: PLACE is T1 and DEC is more than six weeks after DECOM.
select
    'Episodes' as table_name,
    data_row
from episodes
where place = 'T1' and dec > decom + 42
