-- code: 625
-- message: Date of birth of the first child is beyond the end of this reporting year or the date
--     the child ceased to be looked after.
-- fields: MC_DOB, DEC
-- tables: Header, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check MC_DOB against the record of the mother's first child, and DEC of her last
--     episode; a child born after she left care is not told of.
-- logic: MC_DOB is after the end of the year, or after the DEC of the child's latest episode.
-- fails_in: Header, Episodes
with latest_episode as (
    -- An open episode is the latest: the child has not ceased to be looked after.
    select
        data_row,
        child,
        dec
    from episodes
    where child is not null
    qualify row_number() over (
        partition by child
        order by dec__text is not null asc, dec desc nulls last, in_order asc
    ) = 1
),

too_late as (
    select
        header.data_row as header_row,
        latest_episode.data_row as episode_row
    from header
    cross join metadata
    left join latest_episode on header.child = latest_episode.child
    where header.mc_dob > metadata.collection_end or header.mc_dob > latest_episode.dec
)

select
    'Header' as table_name,
    header_row as data_row
from too_late
union all
select
    'Episodes' as table_name,
    episode_row as data_row
from too_late
where episode_row is not null
