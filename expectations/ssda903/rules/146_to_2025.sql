-- code: 146
-- message: Placement type code is not a valid code.
-- fields: PLACE
-- tables: Episodes
-- years: 2025-2025
-- severity: fix
-- how_to_fix: Change PLACE to a placement code of this collection year.
-- logic: PLACE is given and is not one of DfE's codes of 2024/25.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place not in (
        'A3', 'A4', 'A5', 'A6', 'H5', 'K1', 'K2', 'K3', 'P1',
        'P2', 'P3', 'R1', 'R2', 'R3', 'R5', 'S1', 'T0', 'T1',
        'T2', 'T3', 'T4', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6',
        'Z1'
    )
