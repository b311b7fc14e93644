-- code: 523
-- message: Date of decision that the child should be placed for adoption should be the same date as
--     the decision that adoption is in the best interest (date should be placed).
-- fields: DATE_PLACED, DATE_INT
-- tables: PlacedAdoption, AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DATE_PLACED in PlacedAdoption with DATE_INT in AD1: both are the day of the
--     decision that the child should be placed for adoption. Correct whichever is wrong.
-- logic: DATE_PLACED and DATE_INT of the child are both given and differ.
-- fails_in: PlacedAdoption, AD1
with differing as (
    select
        placed_adoption.data_row as placed_row,
        ad1.data_row as ad1_row
    from placed_adoption
    inner join ad1 on placed_adoption.child = ad1.child
    where placed_adoption.date_placed != ad1.date_int
)

select
    'PlacedAdoption' as table_name,
    placed_row as data_row
from differing
union all
select
    'AD1' as table_name,
    ad1_row as data_row
from differing
