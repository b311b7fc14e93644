-- code: 366
-- message: A child cannot change placement during the course of an individual short-term respite
--     break.
-- fields: RNE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give each short break under V3 one episode with RNE S. If the child moved during
--     it, check LS.
-- logic: LS is V3 and RNE is not S.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    ls = 'V3'
    and rne is distinct from 'S'
