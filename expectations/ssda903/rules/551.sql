-- code: 551
-- message: Child has been placed for adoption but there is no date of the decision that the child
--     should be placed for adoption.
-- fields: DATE_PLACED, PLACE
-- tables: Episodes, PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: Give DATE_PLACED, the day of the decision, in the child's row of PlacedAdoption (add
--     one if there is none); or correct PLACE.
-- logic: PLACE is A3, A4, A5 or A6 and the child has no row in PlacedAdoption, or one without
--     DATE_PLACED.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join placed_adoption on episodes.child = placed_adoption.child
where
    episodes.place in ('A3', 'A4', 'A5', 'A6')
    and placed_adoption.date_placed__text is null
