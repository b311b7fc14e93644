-- code: 217t
-- message: Placement type 'P2' is not a valid placement type from 28 October 2023.
-- fields: PLACE, DECOM
-- tables: Episodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: P2 is in use until 28 October 2023: end the episode by then and give the placement
--     that follows the code that fits it now.
-- logic: PLACE is P2 and the episode ended after 28 October 2023 or has no (readable) end.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place = 'P2'
    and coalesce(dec > '2023-10-28'::date, true)
