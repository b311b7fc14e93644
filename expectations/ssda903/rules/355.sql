-- code: 355
-- message: Episode appears to have lasted for less than 24 hours
-- fields: DECOM, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DECOM or DEC. If the child was in this placement or status for less than a
--     day, remove the episode.
-- logic: DECOM and DEC are the same day.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    decom = dec
