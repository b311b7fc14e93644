-- One row per episode with a start: how long it went on in what the return tells, which is up to
-- the end of the collection year where it is open. An end that is no date leaves it out.
select
    episodes.data_row,
    episodes.in_order,
    episodes.child,
    episodes.decom,
    episodes.ls,
    coalesce(episodes.dec, metadata.collection_end) as ended
from episodes
cross join metadata
where
    episodes.decom is not null
    and (episodes.dec is not null or episodes.dec__text is null)
