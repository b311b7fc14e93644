-- code: 132
-- message: Data entry for activity after leaving care is invalid.
-- fields: ACTIV
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Give ACTIV as one of DfE's codes, F1 to G6, or 0 where the authority is not in touch
--     with the young person.
-- logic: ACTIV is blank or none of DfE's codes of activity, nor 0.
select
    'OC3' as table_name,
    data_row
from oc3
where
    activ is null
    or activ not in (
        'F1', 'P1', 'F2', 'P2', 'F4', 'P4', 'F5', 'P5', 'G4', 'G5', 'G6', '0'
    )
