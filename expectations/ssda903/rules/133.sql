-- code: 133
-- message: Data entry for accommodation after leaving care is invalid. If reporting on a childs
--     accommodation after leaving care the data entry must be valid
-- fields: ACCOM
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Give ACCOM as one of DfE's codes, a letter and 1 (suitable) or 2 (not suitable), or 0
--     where the authority is not in touch with the young person.
-- logic: ACCOM is blank or none of DfE's codes of accommodation, nor 0.
select
    'OC3' as table_name,
    data_row
from oc3
where
    accom is null
    or accom not in (
        'B1', 'B2', 'C1', 'C2', 'D1', 'D2', 'E1', 'E2', 'G1', 'G2', 'H1', 'H2', 'K1', 'K2',
        'R1', 'R2', 'S2', 'T1', 'T2', 'U1', 'U2', 'V1', 'V2', 'W1', 'W2', 'X2', 'Y1', 'Y2',
        'Z1', 'Z2', '0'
    )
