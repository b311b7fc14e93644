-- code: 520
-- message: Data entry on the legal status of adopters shows different gender married couple but
--     data entry on genders of adopters shows it as a same gender couple.
-- fields: LS_ADOPTR, SEX_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: L11 is a married couple of different genders: correct SEX_ADOPTR to MF, or LS_ADOPTR
--     (L12 for the same gender).
-- logic: LS_ADOPTR is L11 and SEX_ADOPTR is not MF.
select
    'AD1' as table_name,
    data_row
from ad1
where ls_adoptr = 'L11' and sex_adoptr is distinct from 'MF'
