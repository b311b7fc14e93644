{{ config(schema='staging', materialized='table') }}

{% set prices_added = 10 %}{# at the usual price, to each band of age #}

with

starts as (

    select * from {{ ref('int_price_start') }}

),

-- Of each authority and sector by itself, so that its dear homes are no dear age.
centred as (

    select
        placement_type,
        age_band,
        log_days,
        years - avg(years) over cell as years_off,
        log_price - avg(log_price) over cell as log_price_off
    from starts
    window cell as (partition by la_code, placement_type, provider_sector)

),

-- Grain: a type of home.
slopes as (

    select
        placement_type,
        coalesce(
            sum(years_off * log_price_off) / nullif(sum(years_off * years_off), 0), 0
        ) as slope,
        coalesce(
            sum(years_off * log_days) / nullif(sum(years_off * years_off), 0), 0
        ) as days_slope
    from centred
    group by placement_type

),

-- Grain: a price. Stays that are long by now began earlier, when prices were lower: both as if they
-- had begun at the same time.
detrended as (

    select
        centred.placement_type,
        centred.age_band,
        centred.log_days - slopes.days_slope * centred.years_off as log_days,
        centred.log_price_off - slopes.slope * centred.years_off as log_price_off
    from centred
    inner join slopes on centred.placement_type = slopes.placement_type

),

ages as (

    select
        placement_type,
        age_band,
        sum(log_price_off) / (count(*) + {{ prices_added }}) as log_effect
    from detrended
    group by placement_type, age_band

),

-- Of all types at once, for little is known of long stays: what is left goes with how long a stay
-- is. It is drawn towards nothing, as by twenty usual prices of stays one longer or shorter.
stays as (

    select
        avg(detrended.log_days) as centre,
        covar_pop(detrended.log_days, detrended.log_price_off - ages.log_effect)
        * count(*) / (var_pop(detrended.log_days) * count(*) + 20) as slope,
        sqrt(
            var_pop(detrended.log_price_off - ages.log_effect)
            / (var_pop(detrended.log_days) * count(*) + 20)
        ) as slope_error
    from detrended
    inner join ages
        on detrended.placement_type = ages.placement_type
        and detrended.age_band = ages.age_band

),

-- Grain: a type of home and age band with prices.
final as (

    select
        ages.placement_type,
        ages.age_band,
        ages.log_effect,
        stays.centre as stay_centre,
        stays.slope as stay_slope,
        stays.slope_error as stay_slope_error
    from ages
    cross join stays

)

select * from final
