{{ config(schema='staging', materialized='table') }}

with

care_months as (

    select * from {{ ref('int_care_month') }} where is_entry

),

final as (

    select
        la_code,
        month_number,
        age_years,
        forecast_type,
        count(*) as children
    from care_months
    group by la_code, month_number, age_years, forecast_type

)

select * from final
