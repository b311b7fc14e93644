-- code: 331
-- message: Date of matching child and adopter(s) should be the same as, or prior to, the date of
--     placement of adoption.
-- fields: DATE_MATCH, DECOM, REC
-- tables: AD1, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DATE_MATCH in AD1 with DECOM of the episode that ended in adoption (REC E11
--     or E12), which is when the child was placed; correct the wrong date.
-- logic: DATE_MATCH is after DECOM of an episode with REC E11 or E12.
-- fails_in: AD1, Episodes
with matched_late as (
    select
        ad1.data_row as ad1_row,
        episodes.data_row as episode_row
    from episodes
    inner join ad1 on episodes.child = ad1.child
    where episodes.rec in ('E11', 'E12') and ad1.date_match > episodes.decom
)

select
    'AD1' as table_name,
    ad1_row as data_row
from matched_late
union all
select
    'Episodes' as table_name,
    episode_row as data_row
from matched_late
