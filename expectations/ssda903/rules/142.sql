-- code: 142
-- message: A new episode has started, but the previous episode has not ended.
-- fields: DEC, REC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the earlier episode the day it ended (DEC) and why (REC), or remove the later
--     one if it should not be there.
-- logic: The child has a later episode by DECOM, but DEC (or a readable date in it) or REC is
--     missing.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    child is not null
    and decom is not null
qualify
    (dec is null or rec is null)
    and lead(data_row) over (partition by child order by in_order asc) is not null
