-- code: 514
-- message: Data entry on the legal status of adopters shows a single adopter but data entry for the
--     numbers of adopters shows it as a couple.
-- fields: LS_ADOPTR, SEX_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: If one person adopted the child, correct SEX_ADOPTR to M1 or F1 (and NB_ADOPTR to 1);
--     if a couple did, correct LS_ADOPTR.
-- logic: LS_ADOPTR is L0 and SEX_ADOPTR is not M1 or F1.
select
    'AD1' as table_name,
    data_row
from ad1
where
    ls_adoptr = 'L0'
    and coalesce(sex_adoptr not in ('M1', 'F1'), true)
