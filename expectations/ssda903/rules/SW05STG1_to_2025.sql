-- code: SW05STG1
-- message: Date social worker episode began is not a valid date.
-- fields: SW_DEC
-- tables: SWEpisodes
-- years: 2024-2025
-- severity: fix
-- how_to_fix: Write SW_DEC as a real date, dd/mm/yyyy (ZZ or ZZZZ may stand for a part that is not
--     known), or leave it blank while the social worker stays.
-- logic: SW_DEC is given and is no date, nor one with ZZ or ZZZZ for parts that are not known.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where sw_dec__text is not null and ssda903_partly_known_date(sw_dec__text) is null
