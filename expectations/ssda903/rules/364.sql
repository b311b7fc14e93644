-- code: 364
-- message: Sections 41-46 of Police and Criminal Evidence (PACE; 1984) severely limits the time a
--     child can be detained in custody in Local Authority (LA) accommodation.
-- fields: LS, DECOM, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM, DEC and LS: detention in the council's accommodation under PACE (J2)
--     lasts a short time only, here at most 21 days. If another status followed, begin a new
--     episode with its LS.
-- logic: The child was under LS J2 for more than 21 days without a break, counted over episodes
--     that follow on from one another and, where open, to the end of the collection year.
select
    'Episodes' as table_name,
    data_row
from legal_status_periods
where
    ls = 'J2'
    and unbroken_days > 21
