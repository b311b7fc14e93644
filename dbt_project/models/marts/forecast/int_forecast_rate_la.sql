{{ config(schema='staging', materialized='table') }}

with

steps as (

    select * from {{ ref('int_forecast_step') }}

),

rates as (

    select * from {{ ref('int_forecast_rate') }}

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

authorities as (

    select distinct
        origins.month_number as origin_month,
        covered_months.la_code
    from origins
    inner join covered_months on origins.month_number > covered_months.month_number

),

-- Grain: an origin, age band, type and next type.
band_rates as (

    select distinct
        origin_month,
        age_band,
        placement_type,
        next_type,
        band_rate
    from rates

),

at_risk as (

    select
        origin_month,
        la_code,
        age_years,
        placement_type,
        duration_band,
        sum(children_months) as children_months
    from steps
    group by origin_month, la_code, age_years, placement_type, duration_band

),

-- What the region's rates would have made of the authority's own children.
expected as (

    select
        at_risk.origin_month,
        at_risk.la_code,
        rates.age_band,
        rates.placement_type,
        rates.next_type,
        sum(at_risk.children_months) as children_months,
        sum(at_risk.children_months * rates.rate) as expected
    from at_risk
    inner join rates
        on at_risk.origin_month = rates.origin_month
        and at_risk.age_years = rates.age_years
        and at_risk.placement_type = rates.placement_type
        and at_risk.duration_band = rates.duration_band
    group by
        at_risk.origin_month,
        at_risk.la_code,
        rates.age_band,
        rates.placement_type,
        rates.next_type

),

events as (

    select
        origin_month,
        la_code,
        age_band,
        placement_type,
        next_type,
        sum(children_months) as events
    from steps
    where next_type <> placement_type
    group by origin_month, la_code, age_band, placement_type, next_type

),

-- Grain: an origin, authority, age band, type and next type.
cells as (

    select
        authorities.origin_month,
        authorities.la_code,
        band_rates.age_band,
        band_rates.placement_type,
        band_rates.next_type,
        band_rates.band_rate,
        coalesce(expected.children_months, 0) as children_months,
        coalesce(events.events, 0) as events,
        coalesce(expected.expected, 0) as expected
    from authorities
    inner join band_rates on authorities.origin_month = band_rates.origin_month
    left join expected
        on authorities.origin_month = expected.origin_month
        and authorities.la_code = expected.la_code
        and band_rates.age_band = expected.age_band
        and band_rates.placement_type = expected.placement_type
        and band_rates.next_type = expected.next_type
    left join events
        on authorities.origin_month = events.origin_month
        and authorities.la_code = events.la_code
        and band_rates.age_band = events.age_band
        and band_rates.placement_type = events.placement_type
        and band_rates.next_type = events.next_type

),

-- Grain: an origin and authority: how much more, or less, its children move at all.
moves as (

    select
        origin_month,
        la_code,
        sum(events) as events,
        sum(expected) as expected
    from cells
    where next_type <> 'left'
    group by origin_month, la_code

),

moves_with_prior as (

    select
        *,
        {{ prior_events('events', 'expected', 'over (partition by origin_month)') }}
            as prior_events
    from moves

),

move_factors as (

    select
        origin_month,
        la_code,
        (events + prior_events) / (expected + prior_events) as move_factor
    from moves_with_prior

),

-- Grain: an origin, authority and next type. A move to a type is expected as often as the
-- authority's children move at all.
by_next_type as (

    select
        cells.origin_month,
        cells.la_code,
        cells.next_type,
        case when cells.next_type = 'left' then 1 else move_factors.move_factor end as first_factor,
        sum(cells.events) as events,
        sum(cells.expected)
        * case when cells.next_type = 'left' then 1 else move_factors.move_factor end as expected
    from cells
    inner join move_factors
        on cells.origin_month = move_factors.origin_month
        and cells.la_code = move_factors.la_code
    group by
        cells.origin_month,
        cells.la_code,
        cells.next_type,
        move_factors.move_factor

),

by_next_type_with_prior as (

    select
        *,
        {{ prior_events('events', 'expected', 'over (partition by origin_month, next_type)') }}
            as prior_events
    from by_next_type

),

factors as (

    select
        origin_month,
        la_code,
        next_type,
        first_factor * (events + prior_events) / (expected + prior_events) as la_factor
    from by_next_type_with_prior

),

with_factor as (

    select
        cells.origin_month,
        cells.la_code,
        cells.age_band,
        cells.placement_type,
        cells.next_type,
        cells.children_months,
        cells.events,
        cells.expected * factors.la_factor as expected,
        factors.la_factor,
        coalesce(cells.expected / nullif(cells.children_months, 0), cells.band_rate)
            as regional_rate
    from cells
    inner join factors
        on cells.origin_month = factors.origin_month
        and cells.la_code = factors.la_code
        and cells.next_type = factors.next_type

),

with_prior as (

    select
        *,
        {{ prior_events('events', 'expected', 'over (partition by origin_month, next_type)') }}
            as prior_events
    from with_factor

),

-- Grain: as of the model.
final as (

    select
        origin_month,
        la_code,
        age_band,
        placement_type,
        next_type,
        children_months,
        events,
        expected,
        prior_events,
        la_factor,
        events / nullif(children_months, 0) as rate_seen,
        regional_rate,
        least(
            regional_rate * la_factor * (events + prior_events) / (expected + prior_events), 1
        ) as rate_used
    from with_prior

)

select * from final
