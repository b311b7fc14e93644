-- code: 302
-- message: First episode starts before child was born.
-- fields: DECOM, DOB
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB and the DECOM of the child's first episode against the child's record and
--     correct the wrong one.
-- logic: DECOM of the child's first episode is before DOB.
-- fails_in: Episodes, Header
with first_episode as (
    select
        data_row,
        header_row,
        decom,
        dob
    from episode_with_header
    qualify rank() over (partition by child order by in_order) = 1
),

before_birth as (
    select
        data_row,
        header_row
    from first_episode
    where decom < dob
)

select
    'Episodes' as table_name,
    data_row
from before_birth
union all
select
    'Header' as table_name,
    header_row as data_row
from before_birth
