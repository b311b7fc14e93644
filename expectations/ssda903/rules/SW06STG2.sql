-- code: SW06STG2
-- message: Social worker episode data should be within the social worker data reporting year.
-- fields: SW_DECOM
-- tables: SWEpisodes
-- years: 2024-
-- severity: fix
-- how_to_fix: Correct SW_DECOM; leave an episode that began after 31 March for next year's return.
-- logic: SW_DECOM is after the end of the collection year.
select
    'SWEpisodes' as table_name,
    sw_episodes.data_row
from sw_episodes
cross join metadata
where sw_episodes.sw_decom > metadata.collection_end
