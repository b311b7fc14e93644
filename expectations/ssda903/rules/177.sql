-- code: 177
-- message: The legal status of adopter(s) code is not a valid code.
-- fields: LS_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct LS_ADOPTR: L0 for a single adopter, L11 or L12 for a married couple, L2 for
--     civil partners, L3 or L4 for an unmarried couple.
-- logic: LS_ADOPTR is given and is not L0, L11, L12, L2, L3 or L4.
select
    'AD1' as table_name,
    data_row
from ad1
where ls_adoptr not in ('L0', 'L11', 'L12', 'L2', 'L3', 'L4')
