with

prices as (

    select * from {{ ref('placement_price') }} where price_basis = 'agreed'

),

placements as (

    select * from {{ ref('placement') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: a placement with a known agreed cost, at its latest.
costed as (

    select
        prices.la_code,
        prices.child_id,
        prices.placement_type,
        prices.provider_sector,
        authorities.is_synthetic,
        {{ quarter_of('placements.start_date') }} as quarter,
        prices.gbp_per_week as agreed_weekly_cost,
        prices.actual_gbp_per_week as actual_weekly_cost
    from prices
    inner join placements on prices.placement_id = placements.id
    inner join authorities on prices.la_code = authorities.la_code

),

-- Grain: an authority, type of placement and sector of the provider; and the region (no authority).
counted as (

    select
        la_code,
        placement_type,
        provider_sector,
        count(distinct la_code) as authorities,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        min(quarter) as first_quarter,
        max(quarter) as last_quarter,
        count(*) as placements,
        count(distinct child_id) as children,
        count(distinct child_id) as exact_children,
        avg(agreed_weekly_cost) as mean_cost,
        {{ percentile('agreed_weekly_cost', 0.25) }} as lower_quartile,
        {{ percentile('agreed_weekly_cost', 0.5) }} as median_cost,
        {{ percentile('agreed_weekly_cost', 0.75) }} as upper_quartile,
        count(actual_weekly_cost) as placements_with_actual,
        count(distinct case when actual_weekly_cost is not null then child_id end)
            as children_with_actual,
        avg(actual_weekly_cost) as mean_actual
    from costed
    group by grouping sets (
        (la_code, placement_type, provider_sector), (placement_type, provider_sector)
    )

),

-- A region's cost beside those of its authorities would tell that of the few who are not shown:
-- they must be none or at least five.
guarded as (

    select
        *,
        sum(case when la_code is not null and exact_children < 5 then exact_children else 0 end)
            over (partition by placement_type, provider_sector)
            as children_left_out
    from counted

),

costed_by as (

    select
        * exclude (exact_children, children_left_out),
        case
            when la_code is null and children_left_out between 1 and 4 then 0
            else exact_children
        end as exact_children
    from guarded

),

suppressed as (

    {{ suppressed(
        'costed_by',
        ['placements', 'children', 'placements_with_actual'],
        keep=[
            'la_code', 'placement_type', 'provider_sector', 'authorities', 'is_synthetic',
            'first_quarter', 'last_quarter', 'mean_cost', 'lower_quartile', 'median_cost',
            'upper_quartile', 'mean_actual', 'exact_children', 'children_with_actual',
        ],
        totals=[{
            'when': 'la_code is null', 'within': ['placement_type', 'provider_sector'],
        }],
    ) }}

),

final as (

    select
        suppressed.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        suppressed.placement_type,
        suppressed.provider_sector,
        {{ withheld_unless('suppressed.exact_children >= 5', 'suppressed.first_quarter') }}
            as first_quarter,
        {{ withheld_unless('suppressed.exact_children >= 5', 'suppressed.last_quarter') }}
            as last_quarter,
        suppressed.is_synthetic,
        suppressed.authorities,
        suppressed.placements,
        suppressed.children,
        {{ is_withheld('suppressed.exact_children < 5') }} as is_suppressed,
        {{ published_cost('suppressed.mean_cost', 'suppressed.exact_children') }}
            as mean_gbp_per_week,
        {{ published_cost('suppressed.lower_quartile', 'suppressed.exact_children') }}
            as lower_quartile_gbp_per_week,
        {{ published_cost('suppressed.median_cost', 'suppressed.exact_children') }}
            as median_gbp_per_week,
        {{ published_cost('suppressed.upper_quartile', 'suppressed.exact_children') }}
            as upper_quartile_gbp_per_week,
        suppressed.placements_with_actual,
        {{ published_cost_of_some(
            'suppressed.mean_actual', 'suppressed.children_with_actual', 'suppressed.exact_children'
        ) }} as mean_actual_gbp_per_week,
        suppressed.withheld
    from suppressed
    left join authorities on suppressed.la_code = authorities.la_code

)

select * from final
