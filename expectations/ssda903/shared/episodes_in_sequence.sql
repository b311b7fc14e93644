-- One row per episode of a known child, beside the child's episode before it (`_before`) and the
-- one before that (`_two_before`). An episode without a readable DECOM comes after those with one.
with beside as (
    select
        data_row,
        child,
        decom,
        rne,
        ls,
        cin,
        place,
        place_provider,
        rec,
        pl_post,
        urn,
        row_number() over in_sequence as episode_number,
        lead(data_row) over in_sequence is null as is_last,
        lag(dec) over in_sequence as dec_before,
        lag(rec) over in_sequence as rec_before,
        lag(ls) over in_sequence as ls_before,
        lag(cin) over in_sequence as cin_before,
        lag(place) over in_sequence as place_before,
        lag(place_provider) over in_sequence as place_provider_before,
        lag(pl_post) over in_sequence as pl_post_before,
        lag(urn) over in_sequence as urn_before,
        lag(place, 2) over in_sequence as place_two_before,
        lag(pl_post, 2) over in_sequence as pl_post_two_before
    from episodes
    where child is not null
    window in_sequence as (partition by child order by in_order)
)

select
    * exclude (place_provider, urn, place_provider_before, pl_post_before, urn_before),
    -- Two blanks are the same: many placements have no URN, for instance.
    (
        episode_number > 1
        and place is not distinct from place_before
        and pl_post is not distinct from pl_post_before
        and urn is not distinct from urn_before
        and place_provider is not distinct from place_provider_before
    ) as is_same_placement
from beside
