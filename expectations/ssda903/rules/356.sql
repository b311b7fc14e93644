-- code: 356
-- message: The date the episode ceased is before the date the same episode started.
-- fields: DECOM
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DECOM or DEC, whichever is wrong; check the years first.
-- logic: DEC is before DECOM.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    dec < decom
