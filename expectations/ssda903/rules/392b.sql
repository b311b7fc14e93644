-- code: 392b
-- message: Child is looked after but no postcodes are recorded. [NOTE: This check may result in
--     false positives for children formerly UASC, particularly if current & prior year UASC data
--     not loaded]
-- fields: HOME_POST, PL_POST
-- tables: Episodes
-- optional: Header, UASC, Header_last, UASC_last
-- years: 2023-
-- severity: warn
-- how_to_fix: Give both HOME_POST and PL_POST. Nothing is to be done where the child is formerly
--     UASC.
-- logic: LS is not V3 or V4, the child is not known as UASC, now or formerly, and HOME_POST or
--     PL_POST is blank.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join uasc_status on episodes.child = uasc_status.child
where
    (episodes.home_post is null or episodes.pl_post is null)
    and coalesce(episodes.ls not in ('V3', 'V4'), true)
    and not coalesce(uasc_status.is_or_was_uasc, false)
