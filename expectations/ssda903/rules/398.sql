-- code: 398
-- message: Distance field completed but child looked after under legal status V3 or V4.
-- fields: LS, HOME_POST, PL_POST
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Leave HOME_POST and PL_POST blank in episodes of short breaks (V3 or V4). If the
--     episode was no short break, correct LS.
-- logic: LS is V3 or V4 and HOME_POST or PL_POST is given.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls in ('V3', 'V4') and coalesce(home_post, pl_post) is not null
