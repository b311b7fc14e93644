-- code: SW01bSTG1
-- message: For each social worker episode, information should be complete
-- fields: SW_DECOM, SW_ID, SW_REASON
-- tables: SWEpisodes
-- years: 2025-2025
-- severity: fix
-- how_to_fix: Give SW_DECOM as a date, dd/mm/yyyy, the social worker's SW_ID and the reason of the
--     change, SW_REASON.
-- logic: SW_DECOM is blank or no date, or it is 1 April 2023 or later and SW_ID or SW_REASON is
--     blank.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where
    sw_decom is null
    or (sw_decom >= date '2023-04-01' and (sw_id is null or sw_reason is null))
