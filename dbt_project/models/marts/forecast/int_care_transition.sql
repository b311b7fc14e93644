{{ config(schema='staging', materialized='table') }}

with

care_months as (

    select * from {{ ref('int_care_month') }} where next_type is not null

),

final as (

    select
        la_code,
        month_number,
        age_years,
        age_band,
        placement_type,
        duration_band,
        is_duration_known,
        next_type,
        count(*) as children
    from care_months
    group by
        la_code,
        month_number,
        age_years,
        age_band,
        placement_type,
        duration_band,
        is_duration_known,
        next_type

)

select * from final
