-- code: 361
-- message: Police protection legal status lasted longer than maximum 72 hours allowed in the
--     Children Act 1989.
-- fields: DECOM, LS, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM, DEC and LS: police protection (L1) ends within 72 hours. If another
--     order followed, begin a new episode with its LS.
-- logic: The child was under LS L1 for more than 3 days without a break, counted over episodes
--     that follow on from one another and, where open, to the end of the collection year.
select
    'Episodes' as table_name,
    data_row
from legal_status_periods
where
    ls = 'L1'
    and unbroken_days > 3
