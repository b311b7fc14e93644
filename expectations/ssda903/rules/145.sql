-- code: 145
-- message: Category of need code is not a valid code.
-- fields: CIN
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Change CIN to N1 to N8, the main reason why the child was first looked after.
-- logic: CIN is given and is not one of N1 to N8.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    cin not in ('N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7', 'N8')
