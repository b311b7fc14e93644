-- code: SW07STG2
-- message: Social worker episode end date should be on or after the start of the social worker
--     reporting period, and should be on or before the collection end date.
-- fields: SW_DEC
-- tables: SWEpisodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Correct SW_DEC; leave it blank where the episode was open on 31 March, and take out
--     episodes that ended before this collection year.
-- logic: SW_DEC is before or after the collection year.
select
    'SWEpisodes' as table_name,
    sw_episodes.data_row
from sw_episodes
cross join metadata
where sw_episodes.sw_dec not between metadata.collection_start and metadata.collection_end
