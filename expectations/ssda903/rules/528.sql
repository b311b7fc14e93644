-- code: 528
-- message: A placement provider code of PR2 cannot be associated with placements P1, R2 or R5.
-- fields: PLACE, PLACE_PROVIDER
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PLACE and PLACE_PROVIDER of the episode. Another local authority (PR2) cannot
--     be the provider of this placement: for parents (P1) give PR0, for other placements who does
--     provide it, or correct PLACE.
-- logic: PLACE_PROVIDER is PR2 and PLACE is P1, R2 or R5.
select
    'Episodes' as table_name,
    data_row
from episodes
where place in ('P1', 'R2', 'R5') and place_provider = 'PR2'
