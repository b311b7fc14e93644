-- One row per child whose last episode of the previous year was open: that episode beside the
-- first one of this year. Both should tell of the same episode.
with this_year as (
    select *
    from episodes
    where child is not null and decom is not null
    qualify row_number() over (partition by child order by in_order) = 1
),

last_year as (
    select *
    from episodes_last
    where child is not null and decom is not null
    qualify row_number() over (partition by child order by in_order desc) = 1
)

select
    this_year.data_row,
    this_year.child,
    this_year.decom,
    this_year.rne,
    this_year.ls,
    this_year.cin,
    this_year.place,
    this_year.place_provider,
    this_year.urn,
    this_year.pl_distance,
    this_year.pl_la,
    this_year.pl_location,
    last_year.decom as decom_last,
    last_year.rne as rne_last,
    last_year.ls as ls_last,
    last_year.cin as cin_last,
    last_year.place as place_last,
    last_year.place_provider as place_provider_last,
    last_year.urn as urn_last,
    last_year.pl_distance as pl_distance_last,
    last_year.pl_la as pl_la_last,
    last_year.pl_location as pl_location_last
from this_year
inner join last_year on this_year.child = last_year.child
where last_year.dec is null
