-- code: 437
-- message: Reason episode ceased is child has died or is aged 18 or over but there are further
--     episodes.
-- fields: REC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check REC: if the child died (E2) or turned 18 (E15), delete the episodes after it;
--     if not, correct REC to how this episode ended.
-- logic: REC is E2 or E15 and the child has a later episode.
select
    'Episodes' as table_name,
    data_row
from episodes_in_sequence
where rec in ('E2', 'E15') and decom is not null and not is_last
