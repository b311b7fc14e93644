-- code: 149
-- message: Reason episode ceased code is not valid.
-- fields: REC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Change REC to DfE's code for why the episode ended; X1 where the child goes on
--     being looked after.
-- logic: REC is given and is not one of DfE's codes.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    rec not in (
        'E11', 'E12', 'E13', 'E14', 'E15', 'E16', 'E17', 'E2',
        'E3', 'E41', 'E45', 'E46', 'E47', 'E48', 'E4A', 'E4B',
        'E5', 'E6', 'E7', 'E8', 'E9', 'X1'
    )
