-- code: 516
-- message: The episode data submitted for this child does not show that he/she was with their
--     former foster carer(s) during the year.If the code in the reason episode ceased is E45 or E46
--     the child must have a placement code of U1 to U6.
-- fields: REC, PLACE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child's former foster carers took them on by special guardianship (E45 or
--     E46), correct PLACE to the foster placement (U1 to U6). If others did, correct REC to E47 or
--     E48.
-- logic: REC is E45 or E46 and PLACE is not U1 to U6.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    rec in ('E45', 'E46')
    and coalesce(place not in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6'), true)
