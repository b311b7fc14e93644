-- code: 433
-- message: The reason for new episode suggests that this is a continuation episode, but the episode
--     does not start on the same day as the last episode finished.
-- fields: RNE, DECOM
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DECOM with DEC of the child's episode before: while care goes on they are the
--     same day. Correct the wrong date, or RNE to S if care began anew.
-- logic: RNE is P, L, T, U or B and DECOM is not the DEC of the child's episode before.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where
    rne in ('P', 'L', 'T', 'U', 'B')
    and episode_number > 1
    and coalesce(decom != dec_before, true)
