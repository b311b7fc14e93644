-- code: 146
-- message: Placement type code is not a valid code.
-- fields: PLACE
-- tables: Episodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Change PLACE to a placement code of this collection year. H5, P2 and Z1 are no
--     longer in use.
-- logic: PLACE is given and is not one of DfE's codes of 2025/26.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place not in (
        'A3', 'A4', 'A5', 'A6', 'K1', 'K2', 'K3', 'P1', 'P3', 'R1',
        'R2', 'R3', 'R5', 'S1', 'T0', 'T1', 'T2', 'T3', 'T4', 'U1',
        'U2', 'U3', 'U4', 'U5', 'U6', 'Z11', 'Z12', 'Z13', 'Z14'
    )
