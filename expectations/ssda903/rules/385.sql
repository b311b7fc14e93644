-- code: 385
-- message: Date episode ceased must be on or before the end of the current collection year.
-- fields: DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DEC. If the episode ended after 31 March, leave DEC and REC blank in this
--     return; if it ended in the year, correct the date.
-- logic: DEC is after the end of the collection year.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
where episodes.dec > metadata.collection_end
