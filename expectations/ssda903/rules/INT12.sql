-- code: INT12
-- message: Internal Check: DOB in PlacedAdoption is different to DOB in Header.
-- fields: DOB
-- tables: PlacedAdoption, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in PlacedAdoption with DOB in Header and correct the one that is wrong.
-- logic: DOB in PlacedAdoption differs from DOB in Header, where both are given.
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
inner join header on placed_adoption.child = header.child
where placed_adoption.dob <> header.dob
