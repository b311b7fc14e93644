-- code: 519
-- message: Data entered on the legal status of adopters shows civil partnership couple, but data
--     entered on genders of adopters does not show it as a couple.
-- fields: LS_ADOPTR, SEX_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: L2 is a couple in a civil partnership: correct SEX_ADOPTR to MM, FF or MF, or
--     LS_ADOPTR to L0 if one person adopted the child.
-- logic: LS_ADOPTR is L2 and SEX_ADOPTR is not MM, FF or MF.
select
    'AD1' as table_name,
    data_row
from ad1
where
    ls_adoptr = 'L2'
    and coalesce(sex_adoptr not in ('MM', 'FF', 'MF'), true)
