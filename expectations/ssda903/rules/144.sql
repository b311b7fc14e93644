-- code: 144
-- message: The legal status code is not a valid code.
-- fields: LS
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Change LS to DfE's code for the order or agreement under which the child was looked
--     after.
-- logic: LS is given and is not one of DfE's codes.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    ls not in (
        'C1', 'C2', 'D1', 'E1', 'V2', 'V3', 'V4',
        'J1', 'J2', 'J3', 'L1', 'L2', 'L3'
    )
