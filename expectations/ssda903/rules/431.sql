-- code: 431
-- message: The reason for new episode is started to be looked after, but the previous episode ended
--     on the same day.
-- fields: RNE, DECOM
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child stayed in care, correct RNE to the code of what changed (L, P, T, B or
--     U). If care ended and began again, DECOM must be later than DEC of the episode before:
--     correct the wrong date.
-- logic: RNE is S and DECOM is on or before DEC of the child's episode before.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where rne = 'S' and decom <= dec_before
