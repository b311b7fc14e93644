-- code: 379
-- message: Temporary placements for unspecified reason (placement code T4) cannot exceed seven
--     days.
-- fields: DECOM, PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM and DEC. A child who is away for longer than seven days has moved: give
--     the code of the true placement in place of T4, another temporary placement.
-- logic: PLACE is T4 and DEC is more than seven days after DECOM.
select
    'Episodes' as table_name,
    data_row
from episodes
where place = 'T4' and dec > decom + 7
