{{ config(schema='staging', materialized='table') }}

with

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

areas as (

    select * from {{ ref('int_forecast_area') }} where is_in_region_sum

),

-- Grain: a month of which an authority of the region's sum is covered.
region_months as (

    select
        covered_months.month_number,
        covered_months.month_end,
        areas.region_last_month
    from covered_months
    inner join areas on covered_months.la_code = areas.la_code
    where covered_months.month_number <= areas.region_last_month
    group by covered_months.month_number, covered_months.month_end, areas.region_last_month

),

with_history as (

    select
        *,
        row_number() over (order by month_number) - 1 as months_before,
        region_last_month - month_number as months_back
    from region_months

),

-- Grain: an origin.
final as (

    select
        month_number,
        month_end,
        months_back = 0 as is_latest
    from with_history
    where
        months_back = 0
        or (
            months_back % {{ var('forecast_origin_months_apart') }} = 0
            and months_back
            <= {{ var('forecast_origin_months_apart') }} * {{ var('forecast_past_origins') }}
            and months_before >= {{ var('forecast_least_history_months') }}
        )

)

select * from final
