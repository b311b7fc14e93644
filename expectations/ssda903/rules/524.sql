-- code: 524
-- message: If reporting legal status of adopters is L12 then the genders of adopters should be
--     coded as MM or FF. MM = the adopting couple are both males. FF = the adopting couple are both
--     females
-- fields: LS_ADOPTR, SEX_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: L12 is a married couple of the same gender: correct SEX_ADOPTR to MM or FF, or
--     LS_ADOPTR (L11 for different genders).
-- logic: LS_ADOPTR is L12 and SEX_ADOPTR is not MM or FF.
select
    'AD1' as table_name,
    data_row
from ad1
where
    ls_adoptr = 'L12'
    and coalesce(sex_adoptr not in ('MM', 'FF'), true)
