-- code: 446
-- message: E1 is not a valid code for episodes starting before December 2005.
-- fields: LS, DECOM
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Placement orders (E1) exist since December 2005: correct LS, or DECOM if the date is
--     wrong.
-- logic: LS is E1 and DECOM is before 1 December 2005.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls = 'E1' and decom < date '2005-12-01'
