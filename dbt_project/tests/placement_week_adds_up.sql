-- Placements whose weeks do not add up to their nights, or whose cost differs by a penny.
with

placements as (

    select * from {{ ref('fct_placement') }}

),

prices as (

    select
        finance.placement_id,
        finance.agreed_weekly_cost,
        {{ days_between(
            'greatest(placements.start_date, finance.valid_from)',
            'least(placements.counted_to_date, ' ~ day_after('finance.valid_to') ~ ')'
        ) }} as nights
    from {{ ref('finance') }} as finance
    inner join placements on finance.placement_id = placements.id

),

expected_costs as (

    select
        placement_id,
        sum({{ pounds_for_nights('nights', 'agreed_weekly_cost') }}) as cost_gbp
    from prices
    where nights > 0
    group by placement_id

),

found as (

    select
        placement_id,
        sum(nights) as nights,
        sum(cost_gbp) as cost_gbp
    from {{ ref('fct_placement_week') }}
    group by placement_id

)

select
    placements.id as placement_id,
    placements.nights as nights_expected,
    found.nights as nights_found,
    expected_costs.cost_gbp as cost_expected_gbp,
    found.cost_gbp as cost_found_gbp
from placements
left join found on placements.id = found.placement_id
left join expected_costs on placements.id = expected_costs.placement_id
where
    placements.nights <> coalesce(found.nights, 0)
    or expected_costs.cost_gbp is distinct from found.cost_gbp
