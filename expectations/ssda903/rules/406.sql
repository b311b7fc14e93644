-- code: 406
-- message: Child is Unaccompanied Asylum-Seeking Child (UASC) or was formerly UASC. Distance should
--     be blank. [NOTE: This check will result in false negatives for children formerly UASC not
--     identified as such in loaded data]
-- fields: PL_DISTANCE
-- tables: Episodes
-- optional: Header, UASC, Header_last, UASC_last
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Leave HOME_POST blank for a child who is or was UASC, so that no distance is worked
--     out; or correct the child's UASC status.
-- logic: The child is known as UASC, now or formerly, and there is a PL_DISTANCE.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
inner join uasc_status on episodes.child = uasc_status.child
where uasc_status.is_or_was_uasc and episodes.pl_distance is not null
