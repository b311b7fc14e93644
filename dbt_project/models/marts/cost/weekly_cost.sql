with

finances as (

    select * from {{ ref('finance') }}

),

placements as (

    select * from {{ ref('placement') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

finance_order as (

    select
        *,
        row_number() over (partition by placement_id order by valid_from desc) as cost_order
    from finances

),

latest_costs as (

    select * from finance_order where cost_order = 1

),

-- Grain: a placement with a known agreed cost, at its latest.
costed as (

    select
        placements.la_code,
        placements.child_id,
        placements.placement_type,
        placements.provider_sector,
        {{ quarter_of('placements.start_date') }} as quarter,
        latest_costs.agreed_weekly_cost,
        latest_costs.actual_weekly_cost
    from latest_costs
    inner join placements on latest_costs.placement_id = placements.id
    where latest_costs.agreed_weekly_cost is not null

),

-- Grain: an authority, type of placement and sector of the provider.
counted as (

    select
        la_code,
        coalesce(placement_type, 'unknown') as placement_type,
        provider_sector,
        min(quarter) as first_quarter,
        max(quarter) as last_quarter,
        count(*) as placements,
        count(distinct child_id) as children,
        avg(agreed_weekly_cost) as mean_cost,
        {{ percentile('agreed_weekly_cost', 0.25) }} as lower_quartile,
        {{ percentile('agreed_weekly_cost', 0.5) }} as median_cost,
        {{ percentile('agreed_weekly_cost', 0.75) }} as upper_quartile,
        count(actual_weekly_cost) as placements_with_actual,
        count(distinct case when actual_weekly_cost is not null then child_id end)
            as children_with_actual,
        avg(actual_weekly_cost) as mean_actual
    from costed
    group by la_code, coalesce(placement_type, 'unknown'), provider_sector

),

final as (

    select
        counted.la_code,
        authorities.la_name,
        counted.placement_type,
        counted.provider_sector,
        counted.first_quarter,
        counted.last_quarter,
        authorities.is_synthetic,
        counted.placements,
        counted.children,
        counted.children < 5 as is_suppressed,
        {{ suppress_cost('counted.mean_cost', 'counted.children') }}
            as mean_gbp_per_week,
        {{ suppress_cost('counted.lower_quartile', 'counted.children') }}
            as lower_quartile_gbp_per_week,
        {{ suppress_cost('counted.median_cost', 'counted.children') }}
            as median_gbp_per_week,
        {{ suppress_cost('counted.upper_quartile', 'counted.children') }}
            as upper_quartile_gbp_per_week,
        counted.placements_with_actual,
        {{ suppress_cost('counted.mean_actual', 'counted.children_with_actual') }}
            as mean_actual_gbp_per_week
    from counted
    inner join authorities on counted.la_code = authorities.la_code

)

select * from final
