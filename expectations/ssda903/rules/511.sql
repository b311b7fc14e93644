-- code: 511
-- message: If reporting that the number of person(s) adopting the looked after child is two
--     adopters then the code should only be MM, FF or MF. MM = the adopting couple are both males;
--     FF = the adopting couple are both females; MF = The adopting couple are male and female.
-- fields: NB_ADOPTR, SEX_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: If two people adopted the child, correct SEX_ADOPTR to MM, FF or MF; if one did,
--     correct NB_ADOPTR to 1.
-- logic: NB_ADOPTR is 2 and SEX_ADOPTR is M1 or F1.
select
    'AD1' as table_name,
    data_row
from ad1
where nb_adoptr = '2' and sex_adoptr in ('M1', 'F1')
