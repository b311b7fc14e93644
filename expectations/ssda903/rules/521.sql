-- code: 521
-- message: Date of local authority's decision (LA) that adoption is in the best interests of the
--     child (date should be placed) must be on or prior to the date the child is placed for
--     adoption.
-- fields: PLACE, DECOM, DATE_INT
-- tables: Episodes, AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DATE_INT in AD1 with DECOM of the episode in which the child was placed for
--     adoption (PLACE A3 to A6), and correct the wrong date.
-- logic: DATE_INT is after DECOM of an episode with PLACE A3, A4, A5 or A6.
-- fails_in: Episodes, AD1
with decided_late as (
    select
        episodes.data_row as episode_row,
        ad1.data_row as ad1_row
    from episodes
    inner join ad1 on episodes.child = ad1.child
    where episodes.place in ('A3', 'A4', 'A5', 'A6') and ad1.date_int > episodes.decom
)

select
    'Episodes' as table_name,
    episode_row as data_row
from decided_late
union all
select
    'AD1' as table_name,
    ad1_row as data_row
from decided_late
