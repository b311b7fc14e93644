-- code: 210
-- message: Children looked after for more than a week at 31 March should not have an unknown Unique
--     Pupil Number (UPN) code of UN4.
-- fields: UPN, DECOM
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: UN4 is only for a child new to care whose UPN is not yet known. Ask the school or the
--     virtual school for the UPN, or give the code that holds now.
-- logic: UPN is UN4 and an episode starts on 24 March of the year or later.
-- fails_in: Episodes, Header
with failing as (
    select
        episode_with_header.data_row,
        episode_with_header.header_row
    from episode_with_header
    cross join metadata
    where
        episode_with_header.upn = 'UN4'
        and episode_with_header.decom >= metadata.collection_end - 7
)

select
    'Episodes' as table_name,
    data_row
from failing
union all
select
    'Header' as table_name,
    header_row as data_row
from failing
