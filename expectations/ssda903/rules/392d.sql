-- code: 392d
-- message: Home and placement postcodes should not be same unless the placement type is P1.
-- fields: HOME_POST, PL_POST, PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare HOME_POST and PL_POST with the addresses. If the child lives with parents,
--     PLACE should be P1; otherwise correct the postcode that is wrong.
-- logic: HOME_POST equals PL_POST and PLACE is not P1.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place is distinct from 'P1'
    and replace(home_post, ' ', '') = replace(pl_post, ' ', '')
