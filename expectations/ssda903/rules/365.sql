-- code: 365
-- message: Any individual short- term respite placement must not exceed 17 days.
-- fields: LS, DECOM, DEC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DECOM and DEC. If the child stayed for longer, this is no short break under
--     V3: correct LS.
-- logic: LS is V3 and the episode lasted more than 17 days, counted to the end of the collection
--     year where it is open.
select
    'Episodes' as table_name,
    data_row
from episode_spans
where
    ls = 'V3'
    and ended - decom > 17
