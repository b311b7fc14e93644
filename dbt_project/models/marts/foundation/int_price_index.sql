{{ config(schema='staging', materialized='table') }}

{% set usual_rise = 0.03 %}{# What fees rise by in most years, in logarithms, and how far from it #}
{% set usual_rise_sd = 0.03 %}
{% set type_rise_sd = 0.02 %}{# how far the rise of a type is from that of all #}

with

starts as (

    select * from {{ ref('int_price_start') }}

),

traits as (

    select * from {{ ref('int_price_trait') }}

),

spans as (

    select * from {{ ref('int_price_span') }} where agreed_weekly_cost > 0

),

homes as (

    select * from {{ ref('int_placement_home') }}

),

prices as (

    select
        starts.la_code,
        starts.placement_type,
        starts.provider_sector,
        starts.years,
        starts.log_price - traits.log_effect as log_price
    from starts
    inner join traits
        on starts.placement_type = traits.placement_type
        and starts.age_band = traits.age_band

),

-- Of each authority and sector by itself, so that more homes where they are dear are no rise.
centred as (

    select
        placement_type,
        years - avg(years) over cell as years_off,
        log_price - avg(log_price) over cell as log_price_off,
        count(*) over cell as prices_in_cell,
        years
    from prices
    window cell as (partition by la_code, placement_type, provider_sector)

),

-- Grain: a type of home.
slopes as (

    select
        placement_type,
        avg(years) as centre_years,
        count(*) as prices,
        greatest(count(*) - sum(1.0 / prices_in_cell) - 1, 1) as freedom,
        sum(years_off * years_off) as spread,
        sum(log_price_off * log_price_off) as log_price_spread,
        coalesce(sum(years_off * log_price_off) / nullif(sum(years_off * years_off), 0), 0) as seen
    from centred
    group by placement_type

),

-- The spread of prices in a cell is at least 5%: a few equal prices tell nothing for sure.
with_error as (

    select
        *,
        case
            when spread > 0
                then
                    greatest(
                        (log_price_spread - seen * seen * spread) / freedom, 0.05 * 0.05
                    ) / spread
        end as seen_variance
    from slopes

),

of_all as (

    select
        (
            coalesce(sum(seen / (seen_variance + {{ type_rise_sd }} ^ 2)), 0)
            + {{ usual_rise }} / {{ usual_rise_sd }} ^ 2
        ) / (
            coalesce(sum(1 / (seen_variance + {{ type_rise_sd }} ^ 2)), 0)
            + 1 / {{ usual_rise_sd }} ^ 2
        ) as rise,
        1 / (
            coalesce(sum(1 / (seen_variance + {{ type_rise_sd }} ^ 2)), 0)
            + 1 / {{ usual_rise_sd }} ^ 2
        ) as rise_variance
    from with_error

),

stays as (

    select distinct
        home_id,
        home_last_date
    from homes

),

-- Grain: a stay with one carer whose price is known.
prices_of_stay as (

    select
        spans.home_id,
        min_by(spans.agreed_weekly_cost, spans.valid_from) as first_price,
        max_by(spans.agreed_weekly_cost, spans.valid_from) as last_price,
        greatest(
            {{ days_between('min(spans.valid_from)', 'max(stays.home_last_date)') }}, 0
        ) / 365.25 as years
    from spans
    inner join stays on spans.home_id = stays.home_id
    group by spans.home_id

),

-- What a price rises by while a child stays: most returns tell it once.
uplift as (

    select
        coalesce(
            sum(ln(cast(prices_of_stay.last_price as double) / prices_of_stay.first_price))
            / nullif(sum(prices_of_stay.years), 0),
            0
        ) as a_year,
        coalesce(sum(prices_of_stay.years), 0) as years
    from prices_of_stay
    -- A price that doubles is a slip put right, or another child's home.
    where
        prices_of_stay.last_price
        between prices_of_stay.first_price / 2 and prices_of_stay.first_price * 2

),

types as (

    select distinct placement_type from homes

),

weighed as (

    select
        types.placement_type,
        with_error.centre_years,
        coalesce(with_error.seen, 0) as seen,
        case
            when with_error.seen_variance is null then 0
            else {{ type_rise_sd }} ^ 2 / ({{ type_rise_sd }} ^ 2 + with_error.seen_variance)
        end as own_weight,
        of_all.rise as rise_of_all,
        of_all.rise_variance as rise_of_all_variance,
        uplift.a_year as uplift_a_year
    from types
    cross join of_all
    cross join uplift
    left join with_error on types.placement_type = with_error.placement_type

),

final as (

    select
        placement_type,
        coalesce(centre_years, (select avg(prices.years) from prices), 0) as centre_years,
        own_weight * seen + (1 - own_weight) * rise_of_all as rise_a_year,
        {{ type_rise_sd }} ^ 2 * (1 - own_weight) as own_rise_variance,
        1 - own_weight as weight_of_all,
        rise_of_all_variance,
        uplift_a_year
    from weighed

)

select * from final
