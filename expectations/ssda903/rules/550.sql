-- code: 550
-- message: A placement provider code of PR0 can only be associated with placement P1.
-- fields: PLACE, PLACE_PROVIDER
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: PR0 stands for parents. If the child lived with them, correct PLACE to P1; otherwise
--     give who provided the placement.
-- logic: PLACE_PROVIDER is PR0 and PLACE is not P1.
select
    'Episodes' as table_name,
    data_row
from episodes
where place_provider = 'PR0' and place is distinct from 'P1'
