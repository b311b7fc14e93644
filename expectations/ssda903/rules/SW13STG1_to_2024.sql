-- code: SW13STG1
-- message: The reason for social worker change is either not valid or has not been entered.
-- fields: SW_REASON
-- tables: SWEpisodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Give SW_REASON as one of DfE's codes for every social worker episode.
-- logic: SW_REASON is blank or none of DfE's codes.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where
    sw_reason is null
    or sw_reason not in (
        'MANAGE', 'FCONTA', 'LEFTRL', 'ORGRST', 'TSPROC', 'ABSENC', 'CHCHAN', 'PCCHAN', 'SWDIED',
        'OTHERS'
    )
