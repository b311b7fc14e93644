{{ config(schema='staging', materialized='table') }}

with

transitions as (

    select *
    from {{ ref('int_care_transition') }}
    where next_type <> 'turned 18' and is_duration_known

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

),

months as (

    select distinct month_number from transitions

),

-- Grain: an origin and month. A step is known at an origin if its second month is.
weights as (

    select
        origins.month_number as origin_month,
        months.month_number,
        {{ recency_weight('origins.month_number', 'months.month_number') }} as weight
    from origins
    inner join months on origins.month_number > months.month_number

),

-- Grain: as of the model.
final as (

    select
        weights.origin_month,
        transitions.la_code,
        transitions.age_years,
        transitions.age_band,
        transitions.placement_type,
        transitions.duration_band,
        transitions.next_type,
        sum(transitions.children * weights.weight) as children_months
    from transitions
    inner join weights on transitions.month_number = weights.month_number
    group by
        weights.origin_month,
        transitions.la_code,
        transitions.age_years,
        transitions.age_band,
        transitions.placement_type,
        transitions.duration_band,
        transitions.next_type

)

select * from final
