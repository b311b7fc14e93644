-- code: 334
-- message: Date child started to be looked after in latest period of care must be on or prior to
--     the date should be placed for adoption.
-- fields: DATE_INT, DECOM, RNE
-- tables: Episodes, AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DATE_INT in AD1 with DECOM of the episode with which the child last came into
--     care (RNE S), and correct the wrong date.
-- logic: DATE_INT is before DECOM of the child's latest episode with RNE S.
-- fails_in: Episodes, AD1
with latest_start as (
    select *
    from episodes
    where rne = 'S' and decom is not null
    qualify row_number() over (partition by child order by decom desc, in_order asc) = 1
),

decided_early as (
    select
        latest_start.data_row as episode_row,
        ad1.data_row as ad1_row
    from latest_start
    inner join ad1 on latest_start.child = ad1.child
    where ad1.date_int < latest_start.decom
)

select
    'Episodes' as table_name,
    episode_row as data_row
from decided_early
union all
select
    'AD1' as table_name,
    ad1_row as data_row
from decided_early
