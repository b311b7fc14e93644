-- code: 222
-- message: Ofsted Unique reference number (URN) should not be recorded for this placement type.
-- fields: URN
-- tables: Episodes
-- years: 2023-2023
-- severity: fix
-- how_to_fix: Clear URN, or correct PLACE if the child is placed with a provider that Ofsted
--     registers.
-- logic: URN is given and not XXXXXXX, and PLACE is H5, P1 to P3, R1, R2, R5, T0 to T4 or Z1.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    urn <> 'XXXXXXX'
    and place in (
        'H5', 'P1', 'P2', 'P3', 'R1', 'R2', 'R5', 'T0', 'T1', 'T2', 'T3', 'T4', 'Z1'
    )
