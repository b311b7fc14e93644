-- code: 358
-- message: Child with this legal status should not be under 10.
-- fields: DECOM, DOB, LS
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DECOM and LS: remand and the other criminal justice statuses J1, J2 and J3
--     are for children over 10.
-- logic: LS is J1, J2 or J3 and DECOM is on or before the 10th birthday.
-- fails_in: Episodes, Header
with failing as (
    select
        data_row,
        header_row
    from episode_with_header
    where ls in ('J1', 'J2', 'J3') and decom <= add_years(dob, 10)
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
