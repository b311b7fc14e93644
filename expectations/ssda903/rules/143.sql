-- code: 143
-- message: The reason for new episode code is not a valid code.
-- fields: RNE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Change RNE to S, P, L, T, U or B, whichever tells why this episode began.
-- logic: RNE is given and is not one of S, P, L, T, U and B.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    rne not in ('S', 'P', 'L', 'T', 'U', 'B')
