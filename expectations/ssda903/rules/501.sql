-- code: 501
-- message: A new episode has started before the end date of the previous episode.
-- fields: DECOM, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DECOM with DEC of the child's episode before: episodes must not overlap.
--     Correct the wrong date, or delete an episode that stands twice.
-- logic: DECOM is before DEC of the child's episode before.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where decom < dec_before
