-- code: 451
-- message: Child is still freed for adoption, but freeing orders could not be applied for since 30
--     December 2005.
-- fields: DEC, REC, LS
-- tables: Episodes
-- years: 2023-2024
-- severity: fix
-- how_to_fix: Check the legal status of the open episode: if D1 is out of date, close the episode
--     and begin one with the present LS; if the child left care, give DEC and REC.
-- logic: DEC and REC are blank and LS is D1.
select
    'Episodes' as table_name,
    data_row
from episodes
where ls = 'D1' and dec__text is null and rec is null
