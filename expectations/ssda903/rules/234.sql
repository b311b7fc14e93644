-- code: 234
-- message: A child aged under 10 can not change placement due to being admitted to custody
-- fields: REASON_PLACE_CHANGE, DOB
-- tables: Episodes, Header
-- years: 2026-
-- severity: fix
-- how_to_fix: Check DOB, DECOM and REASON_PLACE_CHANGE: under the age of criminal responsibility a
--     child is not admitted to custody, so give the true reason of the move.
-- logic: REASON_PLACE_CHANGE is CUSTOD in an episode that starts before the child's 10th birthday.
-- fails_in: Episodes, Header
with failing as (
    select
        data_row,
        header_row
    from episode_with_header
    where reason_place_change = 'CUSTOD' and decom < add_years(dob, 10)
)

select
    'Episodes' as table_name,
    data_row
from failing
union all
select
    'Header' as table_name,
    header_row as data_row
from failing
