-- code: 407
-- message: Reason episode ceased is Special Guardianship Order, but child has reached age 18.
-- fields: DEC, DOB, REC
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB, DEC and REC: a special guardianship order is made for a child under 18, so
--     one of them is wrong.
-- logic: REC is E45, E46, E47 or E48 and DEC is after the 18th birthday.
-- fails_in: Episodes, Header
with failing as (
    select
        data_row,
        header_row
    from episode_with_header
    where rec in ('E45', 'E46', 'E47', 'E48') and dec > add_years(dob, 18)
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
