-- code: SW04STG1
-- message: Date social worker episode began is not a valid date..
-- fields: SW_DECOM
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Write SW_DECOM as a real date, dd/mm/yyyy.
-- logic: SW_DECOM is given and is no date.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where sw_decom is null and sw_decom__text is not null
