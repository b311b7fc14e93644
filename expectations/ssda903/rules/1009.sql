-- code: 1009
-- message: Reason for placement change is not a valid code.
-- fields: REASON_PLACE_CHANGE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Change REASON_PLACE_CHANGE to one of DfE's codes for why a placement ended, such as
--     CARPL or LAREQ, or leave it blank.
-- logic: REASON_PLACE_CHANGE is given and is not one of DfE's codes.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    reason_place_change not in (
        'CARPL', 'CLOSE', 'ALLEG', 'STAND', 'APPRR', 'CREQB',
        'CREQO', 'CHILD', 'LAREQ', 'PLACE', 'CUSTOD', 'OTHER'
    )
