{{ config(schema='staging', materialized='table') }}

with

entries as (

    select * from {{ ref('int_care_entry') }}

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

),

final as (

    select
        origins.month_number as origin_month,
        entries.la_code,
        entries.age_years,
        entries.placement_type,
        sum(
            entries.children * {{ recency_weight('origins.month_number', 'entries.month_number') }}
        ) as children
    from entries
    inner join origins on entries.month_number <= origins.month_number
    group by
        origins.month_number,
        entries.la_code,
        entries.age_years,
        entries.placement_type

)

select * from final
