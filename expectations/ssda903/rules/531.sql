-- code: 531
-- message: A placement provider code of PR5 cannot be associated with placements P1.
-- fields: PLACE, PLACE_PROVIDER
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PLACE and PLACE_PROVIDER of the episode. A placement with parents (P1) has PR0:
--     correct the provider, or PLACE if a voluntary provider (PR5) did care for the child.
-- logic: PLACE_PROVIDER is PR5 and PLACE is P1.
select
    'Episodes' as table_name,
    data_row
from episodes
where place = 'P1' and place_provider = 'PR5'
