-- code: SW04STG1
-- message: Date social worker episode began is not a valid date..
-- fields: SW_DECOM
-- tables: SWEpisodes
-- years: 2024-2025
-- severity: fix
-- how_to_fix: Write SW_DECOM as a real date, dd/mm/yyyy; ZZ or ZZZZ may stand for a part that is
--     not known.
-- logic: SW_DECOM is given and is no date, nor one with ZZ or ZZZZ for parts that are not known.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where sw_decom__text is not null and ssda903_partly_known_date(sw_decom__text) is null
