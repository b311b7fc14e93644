-- code: 362
-- message: Emergency protection order (EPO) lasted longer than 21 days
-- fields: DECOM, LS, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM, DEC and LS: an emergency protection order (L2) ends within 21 days. If
--     another order followed, begin a new episode with its LS.
-- logic: The child was under LS L2 for more than 21 days without a break, counted over episodes
--     that follow on from one another and, where open, to the end of the collection year.
select
    'Episodes' as table_name,
    data_row
from legal_status_periods
where
    ls = 'L2'
    and unbroken_days > 21
