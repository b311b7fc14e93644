-- code: 164
-- message: Distance is not valid. Please check a valid postcode has been entered. [NOTE: This check
--     will result in false positives for children formerly UASC not identified as such in loaded
--     data]
-- fields: PL_DISTANCE
-- tables: Episodes
-- optional: Header, UASC, Header_last, UASC_last
-- reference: postcode
-- years: 2023-
-- severity: warn
-- how_to_fix: Check that HOME_POST and PL_POST are right, for the distance is worked out from them.
--     Nothing is to be done where the child is formerly UASC and last year's return is not loaded.
-- logic: The child is not known as UASC, now or formerly, and PL_DISTANCE is under 0 or over 999.9
--     miles. Not tested where nothing says who is UASC.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join uasc_status on episodes.child = uasc_status.child
where
    (episodes.pl_distance < 0 or episodes.pl_distance > 999.9)
    and not coalesce(uasc_status.is_or_was_uasc, false)
    and exists (select known.child from uasc_status as known)
