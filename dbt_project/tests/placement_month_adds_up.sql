-- Placements whose months do not add up to their nights, or whose cost differs by a penny.
with

nights as (

    select * from {{ ref('int_placement_night') }}

),

expected_nights as (

    select
        placement_id,
        sum({{ days_between('from_date', 'to_date') }}) as nights
    from nights
    group by placement_id

),

nights_at_price as (

    select
        nights.placement_id,
        spans.agreed_weekly_cost,
        sum({{ days_between(
            'greatest(nights.from_date, spans.from_date)', 'least(nights.to_date, spans.to_date)'
        ) }}) as nights
    from nights
    inner join {{ ref('placement_price') }} as prices
        on nights.placement_id = prices.placement_id
        and prices.price_basis in ('agreed', 'same carer')
    inner join {{ ref('int_price_span') }} as spans
        on prices.home_id = spans.home_id
        and nights.to_date > spans.from_date
        and nights.from_date < spans.to_date
    group by nights.placement_id, spans.from_date, spans.agreed_weekly_cost

),

expected_costs as (

    select
        placement_id,
        sum({{ pounds_for_nights('nights', 'agreed_weekly_cost') }}) as known_gbp
    from nights_at_price
    group by placement_id

),

found as (

    select
        placement_id,
        sum(nights) as nights,
        sum(known_gbp) as known_gbp
    from {{ ref('fct_placement_month') }}
    group by placement_id

)

select
    expected_nights.placement_id,
    expected_nights.nights as nights_expected,
    found.nights as nights_found,
    expected_costs.known_gbp as known_expected_gbp,
    found.known_gbp as known_found_gbp
from expected_nights
full outer join found on expected_nights.placement_id = found.placement_id
left join expected_costs on expected_nights.placement_id = expected_costs.placement_id
where
    expected_nights.nights is distinct from found.nights
    or coalesce(expected_costs.known_gbp, 0) is distinct from found.known_gbp
