-- code: 504
-- message: The category of need code differs from that reported at start of current period of being
--     looked after
-- fields: CIN
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: The category of need stays that of the day care began. Give CIN of the episode
--     before, or correct it in the earlier episodes of this period of care.
-- logic: REC of the child's episode before is X1, its DEC is this DECOM, and CIN differs.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where rec_before = 'X1' and decom = dec_before and cin is distinct from cin_before
