{{ config(schema='staging', materialized='table') }}

with

months as (

    select
        *,
        {{ month_number('month_start_date') }} as month_number
    from {{ ref('fct_placement_month') }}
    where not is_short_break

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

forecast_types as (

    select * from {{ ref('forecast_type') }}

),

-- Grain: an authority, covered month, type and sector.
final as (

    select
        months.la_code,
        months.month_number,
        coalesce(forecast_types.forecast_type, 'other') as forecast_type,
        months.provider_sector,
        cast(sum(months.nights) as bigint) as nights,
        cast(sum(months.nights_with_price) as bigint) as nights_with_price,
        sum(months.known_gbp) as known_gbp,
        sum(months.total_gbp) as total_gbp
    from months
    inner join covered_months
        on months.la_code = covered_months.la_code
        and months.month_number = covered_months.month_number
    left join forecast_types on months.placement_type = forecast_types.placement_type
    group by
        months.la_code,
        months.month_number,
        coalesce(forecast_types.forecast_type, 'other'),
        months.provider_sector

)

select * from final
