-- code: 376
-- message: Temporary placements coded as being due to holiday of usual foster carer(s) cannot
--     exceed three weeks.
-- fields: DECOM, PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM and DEC. A child who is away for longer than three weeks has moved: give
--     the code of the true placement in place of T3, the usual foster carer's holiday.
-- logic: PLACE is T3 and DEC is more than three weeks after DECOM.
select
    'Episodes' as table_name,
    data_row
from episodes
where place = 'T3' and dec > decom + 21
