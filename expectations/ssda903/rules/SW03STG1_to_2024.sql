-- code: SW03STG1
-- message: For each social worker episode, information should be complete.
-- fields: SW_ID, SW_DECOM, SW_REASON
-- tables: SWEpisodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Give all of SW_ID, SW_DECOM and SW_REASON for every social worker episode.
-- logic: SW_ID, SW_DECOM or SW_REASON is blank.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where sw_id is null or sw_decom__text is null or sw_reason is null
