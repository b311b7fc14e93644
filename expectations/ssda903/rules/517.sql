-- code: 517
-- message: If reporting legal status of adopters is L3 then the genders of adopters should be coded
--     as MF. MF = the adopting couple are male and female.
-- fields: LS_ADOPTR, SEX_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: L3 is an unmarried couple of different genders: correct SEX_ADOPTR to MF, or
--     LS_ADOPTR (L4 for the same gender).
-- logic: LS_ADOPTR is L3 and SEX_ADOPTR is not MF.
select
    'AD1' as table_name,
    data_row
from ad1
where ls_adoptr = 'L3' and sex_adoptr is distinct from 'MF'
