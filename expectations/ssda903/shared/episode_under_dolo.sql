-- One row per episode and deprivation of liberty order of the same child that have a day in common,
-- of the orders with both dates.
select
    episodes.data_row as episode_row,
    episodes.place,
    dolo.data_row as dolo_row
from episodes
inner join dolo on episodes.child = dolo.child
where
    dolo.dolo_start is not null
    and (dolo.dolo_start <= episodes.dec or episodes.dec is null)
    and dolo.dolo_end >= episodes.decom
