{{ config(schema='staging', materialized='table') }}

with

returns as (

    select
        placement_id as return_placement_id,
        la_code,
        child_id,
        provider_urn,
        mapped_placement_type as placement_type,
        period,
        start_date
    from {{ ref('int_placement_return') }}
    where has_placement and is_latest_of_placement

),

ssda903 as (

    select * from {{ ref('int_placement_ssda903') }}

),

-- Grain: a pair that could be the same home of the same child.
pairs as (

    select
        returns.return_placement_id,
        ssda903.ssda903_placement_id,
        case
            when returns.provider_urn = ssda903.provider_urn then 'provider and date'
            else 'type and date'
        end as match_basis,
        abs({{ days_between('returns.start_date', 'ssda903.start_date') }}) as days_apart
    from returns
    inner join ssda903
        on returns.la_code = ssda903.la_code
        and returns.child_id = ssda903.child_id
    where
        abs({{ days_between('returns.start_date', 'ssda903.start_date') }}) <= 14
        and (
            returns.provider_urn = ssda903.provider_urn
            or (
                (returns.provider_urn is null or ssda903.provider_urn is null)
                and returns.placement_type = ssda903.placement_type
            )
        )

),

-- One order over all pairs, without ties, so that the best of both sides is never in doubt: the
-- same provider first (it comes first in the alphabet, too), then the nearest date, then the ids.
ordered_pairs as (

    select
        *,
        row_number() over (
            order by match_basis, days_apart, return_placement_id, ssda903_placement_id
        ) as preference
    from pairs

),

-- A pair matches if it is the best that either side has; what is left over is tried again.
{% for round in [1, 2, 3] %}
left_{{ round }} as (

    select ordered_pairs.*
    from ordered_pairs
    {% for earlier in range(1, round) %}
    left join matched_{{ earlier }} as same_return_{{ earlier }}
        on ordered_pairs.return_placement_id = same_return_{{ earlier }}.return_placement_id
    left join matched_{{ earlier }} as same_ssda903_{{ earlier }}
        on ordered_pairs.ssda903_placement_id = same_ssda903_{{ earlier }}.ssda903_placement_id
    {% endfor %}
    where
        true
        {% for earlier in range(1, round) %}
        and same_return_{{ earlier }}.return_placement_id is null
        and same_ssda903_{{ earlier }}.ssda903_placement_id is null
        {% endfor %}

),

best_{{ round }} as (

    select
        *,
        min(preference) over (partition by return_placement_id) as best_of_return,
        min(preference) over (partition by ssda903_placement_id) as best_of_ssda903
    from left_{{ round }}

),

matched_{{ round }} as (

    select * from best_{{ round }}
    where preference = best_of_return and preference = best_of_ssda903

),
{% endfor %}

matched as (

    select * from matched_1
    union all
    select * from matched_2
    union all
    select * from matched_3

),

-- Grain: a placement, whichever source knows it.
final as (

    select
        coalesce(returns.return_placement_id, ssda903.ssda903_placement_id) as placement_id,
        returns.return_placement_id,
        ssda903.ssda903_placement_id,
        coalesce(returns.la_code, ssda903.la_code) as la_code,
        coalesce(returns.child_id, ssda903.child_id) as child_id,
        case
            when ssda903.ssda903_placement_id is null then 'placement_return'
            when returns.return_placement_id is null then 'ssda903'
            else 'both'
        end as source,
        matched.match_basis,
        matched.days_apart,
        returns.period as return_period,
        returns.start_date as return_start_date,
        ssda903.start_date as ssda903_start_date
    from returns
    left join matched on returns.return_placement_id = matched.return_placement_id
    full outer join ssda903 on matched.ssda903_placement_id = ssda903.ssda903_placement_id

)

select * from final
