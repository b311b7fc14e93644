-- code: 454
-- message: Placement distance from home is over 350 miles. [NOTE: This check will result in false
--     positives for children formerly UASC not identified as such in loaded data]
-- fields: PL_DISTANCE
-- tables: Episodes
-- reference: postcode
-- years: 2026-
-- severity: warn
-- how_to_fix: Check HOME_POST and PL_POST: over 350 miles is often a mistyped postcode. If the
--     child did come as an unaccompanied asylum seeker, or the placement is that far, leave it.
-- logic: PL_DISTANCE is over 350 miles and not 999.9.
select
    'Episodes' as table_name,
    data_row
from episodes
where pl_distance > 350 and pl_distance != 999.9
