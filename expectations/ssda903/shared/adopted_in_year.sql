-- One row per episode that ended with the child's adoption in the collection year.
select episodes.*
from episodes
cross join metadata
where
    episodes.rec in ('E11', 'E12')
    and episodes.dec between metadata.collection_start and metadata.collection_end
