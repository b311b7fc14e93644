-- code: SW13STG1
-- message: The reason for social worker change is not valid.
-- fields: SW_REASON
-- tables: SWEpisodes
-- years: 2025-
-- severity: fix
-- how_to_fix: Give SW_REASON as one of DfE's codes; only an episode that began before 1 April 2023
--     may leave it blank.
-- logic: SW_REASON is given and none of DfE's codes, or it is blank and SW_DECOM is 1 April 2023 or
--     later.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where
    (sw_reason is null and sw_decom >= date '2023-04-01')
    or sw_reason not in (
        'MANAGE', 'FCONTA', 'LEFTRL', 'ORGRST', 'TSPROC', 'ABSENC', 'CHCHAN', 'PCCHAN', 'SWDIED',
        'OTHERS'
    )
