-- code: 148
-- message: Date episode ceased and reason episode ceased must both be coded, or both left blank.
-- fields: DEC, REC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give both DEC and REC where the episode has ended; clear both where it goes on.
-- logic: Only one of DEC and REC is given.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    (dec__text is null) <> (rec is null)
