-- code: SW05STG1
-- message: Date social worker episode began is not a valid date.
-- fields: SW_DEC
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Write SW_DEC as a real date, dd/mm/yyyy, or leave it blank while the social worker
--     stays.
-- logic: SW_DEC is given and is no date.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where sw_dec is null and sw_dec__text is not null
