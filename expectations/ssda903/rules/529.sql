-- code: 529
-- message: Placement provider code of PR3 cannot be associated with placements P1, A3 to A6, K1, K2
--     and U1 to U6 as these placements cannot be provided by other public organisations.
-- fields: PLACE, PLACE_PROVIDER
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PLACE and PLACE_PROVIDER of the episode. PR3 is another public body, such as
--     the health service: give who does provide the placement (PR0 for parents), or correct PLACE.
-- logic: PLACE_PROVIDER is PR3 and PLACE is A3, A4, A5, A6, K1, K2, P1, U1, U2, U3, U4, U5 or U6.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place_provider = 'PR3'
    and place in ('A3', 'A4', 'A5', 'A6', 'K1', 'K2', 'P1', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6')
