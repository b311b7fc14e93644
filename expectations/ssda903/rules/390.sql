-- code: 390
-- message: Reason episode ceased is adopted but child has not been previously placed for adoption.
-- fields: PLACE, REC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child was adopted (E11 or E12), the episode before the adoption must be a
--     placement for adoption: correct PLACE to A3, A4, A5 or A6. If not adopted, correct REC.
-- logic: REC is E11 or E12 and PLACE is not A3, A4, A5 or A6.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    rec in ('E11', 'E12')
    and coalesce(place not in ('A3', 'A4', 'A5', 'A6'), true)
