-- code: 207
-- message: Mother status for the current year disagrees with the mother status already recorded for
--     this child.
-- fields: MOTHER
-- tables: Header, Episodes, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare MOTHER with last year's return: who was a mother remains one. Give 1, or
--     correct last year's if that was wrong.
-- logic: MOTHER was 1 last year and is not 1 now, and the child has an episode this year.
select
    'Header' as table_name,
    data_row
from header
where
    mother is distinct from '1'
    and child in (
        select header_last.child
        from header_last
        where header_last.mother = '1'
    )
    and child in (
        select episodes.child
        from episodes
    )
