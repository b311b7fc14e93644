-- code: 147
-- message: Date episode ceased is not a valid date.
-- fields: DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Write DEC, the day the episode ended, as day/month/year with a four-figure year.
-- logic: DEC is given but is no date in dd/mm/yyyy.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    dec is null
    and dec__text is not null
