-- code: SW19STG2
-- message: There are 2 social worker episodes for the child starting on the same date.
-- fields: SW_DEC, SW_DECOM
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Check SW_DECOM of both episodes; correct the one that is wrong, or delete the one
--     that is told twice.
-- logic: SW_DECOM is the same as that of another episode of the child. The first of them, an open
--     one before others, does not fail.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes
where child is not null and sw_decom is not null
qualify
    row_number() over (
        partition by child, sw_decom
        order by sw_dec asc nulls first, in_order asc
    ) > 1
