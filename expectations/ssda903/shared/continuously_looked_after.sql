-- One row per child with an episode: whether it was looked after without a break all year.
-- It was not if it came into care during the year (RNE S after the first day), left care (REC other
-- than X1, before the last day), or was under V3 or V4 (short breaks) in the year.
with judged as (
    select
        episodes.child,
        coalesce(
            episodes.decom <= metadata.collection_end
            and (episodes.dec >= metadata.collection_start or episodes.dec is null),
            false
        ) as is_in_year,
        episodes.rne = 'S'
        and episodes.decom > metadata.collection_start
        and episodes.decom <= metadata.collection_end as enters_care,
        (episodes.rec is distinct from 'X1')
        and episodes.dec >= metadata.collection_start
        and episodes.dec < metadata.collection_end as leaves_care,
        episodes.ls in ('V3', 'V4') as is_short_break
    from episodes
    cross join metadata
    where episodes.child is not null
)

select
    child,
    bool_or(is_in_year)
    and not bool_or(
        coalesce(enters_care, false)
        or coalesce(leaves_care, false)
        or (coalesce(is_short_break, false) and is_in_year)
    ) as is_continuous
from judged
group by child
