{{ config(schema='staging', materialized='table') }}

with

steps as (

    select * from {{ ref('int_forecast_step') }}

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

),

age_bands as (

    select * from {{ ref('forecast_age_band') }}

),

types as (

    select placement_type from {{ ref('forecast_type') }}

),

ages as (

    select
        age_band,
        unnest(
            generate_series(
                cast(floor(first_month / 12) as integer),
                cast(floor(end_month / 12) as integer) - 1
            )
        ) as age_years
    from age_bands

),

durations as (

    select unnest(generate_series(0, 5)) as duration_band

),

next_types as (

    select placement_type as next_type from types
    union all
    select 'left' as next_type

),

grid as (

    select
        origins.month_number as origin_month,
        ages.age_years,
        ages.age_band,
        types.placement_type,
        durations.duration_band,
        next_types.next_type
    from origins
    cross join ages
    cross join types
    cross join durations
    inner join next_types on types.placement_type <> next_types.next_type

),

at_risk as (

    select
        origin_month,
        age_years,
        placement_type,
        duration_band,
        sum(children_months) as children_months
    from steps
    group by origin_month, age_years, placement_type, duration_band

),

events as (

    select
        origin_month,
        age_years,
        placement_type,
        duration_band,
        next_type,
        sum(children_months) as events
    from steps
    where next_type <> placement_type
    group by origin_month, age_years, placement_type, duration_band, next_type

),

counted as (

    select
        grid.*,
        coalesce(at_risk.children_months, 0) as children_months,
        coalesce(events.events, 0) as events
    from grid
    left join at_risk
        on grid.origin_month = at_risk.origin_month
        and grid.age_years = at_risk.age_years
        and grid.placement_type = at_risk.placement_type
        and grid.duration_band = at_risk.duration_band
    left join events
        on grid.origin_month = events.origin_month
        and grid.age_years = events.age_years
        and grid.placement_type = events.placement_type
        and grid.duration_band = events.duration_band
        and grid.next_type = events.next_type

),

-- First the rate of the age band and type, then that by time in care, then that by year of age.
by_band as (

    select
        *,
        coalesce(
            sum(events) over same_band / nullif(sum(children_months) over same_band, 0), 0
        ) as band_rate
    from counted
    window same_band as (partition by origin_month, age_band, placement_type, next_type)

),

by_duration as (

    select
        *,
        {{ pooled_rate(
            'sum(events) over same_duration',
            'sum(children_months) over same_duration',
            'band_rate'
        ) }} as duration_rate
    from by_band
    window
        same_duration as (
            partition by origin_month, age_band, placement_type, duration_band, next_type
        )

),

-- Grain: as of the model.
final as (

    select
        origin_month,
        cast(age_years as integer) as age_years,
        age_band,
        placement_type,
        cast(duration_band as integer) as duration_band,
        next_type,
        children_months,
        events,
        band_rate,
        {{ pooled_rate('events', 'children_months', 'duration_rate') }} as rate
    from by_duration

)

select * from final
