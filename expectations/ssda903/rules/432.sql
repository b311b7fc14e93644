-- code: 432
-- message: The child ceased to be looked after at the end of the previous episode but the reason
--     for the new episode is not started to be looked after.
-- fields: RNE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If care ended with the episode before, correct RNE to S. If it did not end, correct
--     REC of the episode before to X1.
-- logic: REC of the child's episode before says that care ended, and RNE is not S.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where
    rne is distinct from 'S'
    and rec_before in (
        'E2', 'E3', 'E4A', 'E4B', 'E5', 'E6', 'E7', 'E8', 'E9', 'E11', 'E12',
        'E13', 'E14', 'E15', 'E16', 'E17', 'E41', 'E45', 'E46', 'E47', 'E48'
    )
