-- code: 502
-- message: Last year's record ended with an open episode. The date on which that episode started
--     does not match the start date of the first episode on this year’s record.
-- fields: DECOM
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the first episode the DECOM of the episode left open last year, or send that
--     episode too; if last year's is wrong, correct it there.
-- logic: DECOM of the first episode differs from that of the episode left open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where decom <> decom_last
