{{ config(schema='staging', materialized='table') }}

with

transitions as (

    select * from {{ ref('int_care_transition') }} where next_type <> 'turned 18'

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

),

-- Grain: as of the model. A step is known at an origin if its second month is.
final as (

    select
        origins.month_number as origin_month,
        transitions.la_code,
        transitions.age_years,
        transitions.age_band,
        transitions.placement_type,
        transitions.duration_band,
        transitions.next_type,
        sum(
            transitions.children
            * {{ recency_weight('origins.month_number', 'transitions.month_number') }}
        ) as children_months
    from transitions
    inner join origins on transitions.month_number < origins.month_number
    group by
        origins.month_number,
        transitions.la_code,
        transitions.age_years,
        transitions.age_band,
        transitions.placement_type,
        transitions.duration_band,
        transitions.next_type

)

select * from final
