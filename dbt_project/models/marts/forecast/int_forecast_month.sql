{{ config(schema='staging', materialized='table') }}

with

transitions as (

    select *
    from {{ ref('int_care_transition') }}
    where next_type <> 'turned 18' and is_duration_known

),

rates as (

    select * from {{ ref('int_forecast_rate') }}

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

),

at_risk as (

    select
        month_number,
        age_years,
        placement_type,
        duration_band,
        sum(children) as children
    from transitions
    group by month_number, age_years, placement_type, duration_band

),

events as (

    select
        month_number,
        placement_type,
        next_type,
        sum(children) as events
    from transitions
    where next_type <> placement_type
    group by month_number, placement_type, next_type

),

expected as (

    select
        rates.origin_month,
        at_risk.month_number,
        rates.placement_type,
        rates.next_type,
        sum(at_risk.children * rates.rate) as expected
    from at_risk
    inner join origins on at_risk.month_number < origins.month_number
    inner join rates
        on origins.month_number = rates.origin_month
        and at_risk.age_years = rates.age_years
        and at_risk.placement_type = rates.placement_type
        and at_risk.duration_band = rates.duration_band
    group by rates.origin_month, at_risk.month_number, rates.placement_type, rates.next_type

),

-- Grain: as of the model.
final as (

    select
        expected.origin_month,
        expected.month_number,
        expected.placement_type,
        expected.next_type,
        cast(coalesce(events.events, 0) as bigint) as events,
        expected.expected
    from expected
    left join events
        on expected.month_number = events.month_number
        and expected.placement_type = events.placement_type
        and expected.next_type = events.next_type

)

select * from final
