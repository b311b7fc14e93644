-- code: 353
-- message: No episode submitted can start before 14 October 1991.
-- fields: DECOM
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DECOM; check the year first.
-- logic: DECOM is before 14 October 1991.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    decom < '1991-10-14'::date
