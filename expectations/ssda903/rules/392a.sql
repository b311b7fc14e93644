-- code: 392a
-- message: Child is looked after but no distance is recorded. [NOTE: This check may result in false
--     positives for children formerly UASC]
-- fields: PL_DISTANCE
-- tables: Episodes
-- optional: Header, UASC, Header_last, UASC_last
-- reference: postcode
-- years: 2023-
-- severity: warn
-- how_to_fix: Give HOME_POST and PL_POST, both postcodes that exist, for the distance is worked out
--     from them. Nothing is to be done where the child is formerly UASC.
-- logic: LS is not V3 or V4, the child is not known as UASC, now or formerly, and there is no
--     PL_DISTANCE. Not tested where nothing says who is UASC.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join uasc_status on episodes.child = uasc_status.child
where
    episodes.pl_distance is null
    and coalesce(episodes.ls not in ('V3', 'V4'), true)
    and not coalesce(uasc_status.is_or_was_uasc, false)
    and exists (select known.child from uasc_status as known)
