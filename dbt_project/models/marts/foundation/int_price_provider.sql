{{ config(schema='staging', materialized='table') }}

{% set provider_spread = 0.05 %}{# the least that providers of a type are taken to be apart #}

with

prices as (

    select * from {{ ref('int_price_levelled') }}

),

levels as (

    select * from {{ ref('int_price_level') }}

),

-- How far a price is from what is usual for the authority, type and sector, as a share of it.
compared as (

    select
        prices.placement_type,
        prices.provider_urn,
        prices.price / levels.gbp_per_week - 1 as off
    from prices
    inner join levels
        on prices.la_code = levels.la_code
        and prices.placement_type = levels.placement_type
        and prices.provider_sector = levels.provider_sector
    where prices.provider_urn is not null

),

-- Grain: a type of home and provider with prices.
seen as (

    select
        placement_type,
        provider_urn,
        count(*) as prices,
        avg(off) as mean_off,
        coalesce(var_samp(off), 0) * (count(*) - 1) as squares
    from compared
    group by placement_type, provider_urn

),

-- Grain: a type of home (DerSimonian and Laird).
spreads as (

    select
        placement_type,
        (sum(squares) + 2 * 0.02) / (sum(prices) - count(*) + 2) as within_variance,
        sum(prices * mean_off * mean_off) as between_squares,
        count(*) as providers,
        sum(prices) - sum(prices * prices) / sum(prices) as effective_prices
    from seen
    group by placement_type

),

between_providers as (

    select
        placement_type,
        within_variance,
        greatest(
            coalesce(
                (between_squares - (providers - 1) * within_variance)
                / nullif(effective_prices, 0),
                0
            ),
            {{ provider_spread }} ^ 2
        ) as provider_variance
    from spreads

),

final as (

    select
        seen.placement_type,
        seen.provider_urn,
        seen.prices,
        seen.mean_off * between_providers.provider_variance
        / (
            between_providers.provider_variance
            + between_providers.within_variance / seen.prices
        ) as effect,
        sqrt(
            between_providers.within_variance
            + between_providers.provider_variance * between_providers.within_variance
            / (
                seen.prices * between_providers.provider_variance
                + between_providers.within_variance
            )
        ) as own_spread
    from seen
    inner join between_providers
        on seen.placement_type = between_providers.placement_type

)

select * from final
