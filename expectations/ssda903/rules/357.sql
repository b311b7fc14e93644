-- code: 357
-- message: If this is the first episode ever for this child, reason for new episode must be
--     S.  Check whether there is an episode immediately preceding this one, which has been left
--     out.  If not the reason for new episode code must be amended to S.
-- fields: RNE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Look for an earlier episode that was left out and add it. If there is none, change
--     RNE to S.
-- logic: The child's first episode by DECOM began in the collection year and its RNE is not S.
with first_episode as (
    select *
    from episodes
    where child is not null
    qualify row_number() over (partition by child order by in_order asc) = 1
)

select
    'Episodes' as table_name,
    first_episode.data_row
from first_episode
cross join metadata
where
    first_episode.decom >= metadata.collection_start
    and first_episode.rne is distinct from 'S'
