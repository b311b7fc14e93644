-- code: 233
-- message: Reason for placement change is not required when the episode has not ceased.
-- fields: REASON_PLACE_CHANGE, REASON_PLACE_CHANGE
-- tables: Episodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Clear REASON_PLACE_CHANGE, or give DEC and REC if the episode has ended.
-- logic: DEC is blank and REASON_PLACE_CHANGE is given.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    dec__text is null
    and reason_place_change is not null
