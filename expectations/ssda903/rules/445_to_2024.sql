-- code: 445
-- message: D1 is not a valid code for episodes starting after December 2005.
-- fields: LS, DECOM
-- tables: Episodes
-- years: 2023-2024
-- severity: fix
-- how_to_fix: Freeing orders (D1) could be made until 30 December 2005 only: correct LS, often to
--     E1 (placement order), or DECOM if the date is wrong.
-- logic: LS is D1 and DECOM is after 31 December 2005.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls = 'D1' and decom > date '2005-12-31'
