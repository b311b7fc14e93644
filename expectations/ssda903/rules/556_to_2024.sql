-- code: 556
-- message: Date of decision that the child should be placed for adoption should be on or prior to
--     the date that the freeing order was granted.
-- fields: DATE_PLACED, DECOM
-- tables: Episodes, PlacedAdoption
-- years: 2023-2024
-- severity: fix
-- how_to_fix: Compare DATE_PLACED with the day of the freeing order (DECOM of the episode with LS
--     D1) and correct whichever is wrong.
-- logic: DATE_PLACED is after DECOM of an episode of the child's with LS D1.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
inner join placed_adoption on episodes.child = placed_adoption.child
where episodes.ls = 'D1' and placed_adoption.date_placed > episodes.decom
