-- code: 141
-- message: Date episode began is not a valid date.
-- fields: DECOM
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Write DECOM, the day the episode began, as day/month/year with a four-figure year.
-- logic: DECOM is given but is no date in dd/mm/yyyy.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    decom is null
    and decom__text is not null
