-- code: 184
-- message: Date of decision that a child should be placed for adoption is before the child was
--     born.
-- fields: DATE_PLACED, DOB
-- tables: PlacedAdoption, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DATE_PLACED with the child's date of birth and correct the one that is wrong.
--     Where DOB is blank or no date, give it.
-- logic: DATE_PLACED is a date and is before DOB, or DOB is missing.
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
left join header on placed_adoption.child = header.child
where
    placed_adoption.date_placed is not null
    -- the row's own DOB; where it has none, the one in Header
    and (placed_adoption.date_placed >= coalesce(placed_adoption.dob, header.dob)) is not true
