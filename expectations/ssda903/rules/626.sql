-- code: 626
-- message: Child was reported as a mother but the date of birth of the first child is before the
--     current year which contradicts with the mother status recorded last year.
-- fields: MOTHER, MC_DOB
-- tables: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Check MOTHER in both years and MC_DOB. If the first child was born before this year,
--     MOTHER should have been 1 last year too.
-- logic: MOTHER is 1 this year and was 0 last year, and MC_DOB is before the start of the
--     collection year.
select
    'Header' as table_name,
    header.data_row
from header
inner join header_last on header.child = header_last.child
cross join metadata
where
    try_cast(header.mother as double) = 1
    and try_cast(header_last.mother as double) = 0
    and header.mc_dob < metadata.collection_start
