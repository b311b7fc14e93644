-- code: 363
-- message: Child assessment order (CAO) lasted longer than 7 days allowed in the Children Act 1989.
-- fields: LS, DECOM, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM, DEC and LS: a child assessment order (L3) ends within 7 days. If
--     another order followed, begin a new episode with its LS.
-- logic: The child was under LS L3 for more than 7 days without a break, counted over episodes
--     that follow on from one another and, where open, to the end of the collection year.
select
    'Episodes' as table_name,
    data_row
from legal_status_periods
where
    ls = 'L3'
    and unbroken_days > 7
