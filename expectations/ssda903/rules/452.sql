-- code: 452
-- message: Contradiction between local authority of placement code in the last episode of the
--     previous year and in the first episode of the current year.
-- fields: PL_LA
-- tables: Episodes, Episodes_last
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Both rows tell of the same placement: check PL_POST of the first episode and of the
--     one left open last year, and correct the wrong one.
-- logic: PL_LA of the first episode differs from that of the episode left open last year, though
--     RNE is the same.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where rne = rne_last and pl_la is distinct from pl_la_last
