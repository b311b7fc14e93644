-- code: 354
-- message: Date episode ceased must be on or before the end of the current collection year.
-- fields: DECOM
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct DECOM; an episode that began after 31 March belongs in the next return.
-- logic: DECOM is after the end of the collection year.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
where episodes.decom > metadata.collection_end
