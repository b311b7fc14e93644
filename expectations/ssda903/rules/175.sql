-- code: 175
-- message: The number of adopter(s) code is not a valid code.
-- fields: NB_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct NB_ADOPTR: 1 for a single adopter, 2 for a couple.
-- logic: NB_ADOPTR is given and is not 1 or 2.
select
    'AD1' as table_name,
    data_row
from ad1
where nb_adoptr not in ('1', '2')
