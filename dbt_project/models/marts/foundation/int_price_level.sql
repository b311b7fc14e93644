{{ config(schema='staging', materialized='table') }}

{% set sector_spread = 0.4 %}{# how far apart the mean prices of a type's sectors usually are #}
{% set authority_spread = 0.05 %}{# the least that those of authorities are taken to be apart #}
{# Homes without a known price may be unlike those with one, in ways that nothing tells. #}
{% set unlike = 0.025 %}
{% set own_spread = 0.1 %}{# the least that prices of one authority and sector are #}

with

levelled as (

    select * from {{ ref('int_price_levelled') }}

),

cells as (

    select distinct
        la_code,
        placement_type,
        provider_sector
    from {{ ref('int_placement_home') }}

),

-- Grain: an authority, type and sector with prices.
seen as (

    select
        la_code,
        placement_type,
        provider_sector,
        count(*) as prices,
        avg(price) as mean_price,
        coalesce(var_samp(price), 0) * (count(*) - 1) as squares
    from levelled
    group by la_code, placement_type, provider_sector

),

-- Grain: a type and sector. How far single prices are from the mean of their authority, and these
-- from that of the region, as shares of the price.
spreads as (

    select
        placement_type,
        provider_sector,
        greatest(
            (
                sum(squares) / power(sum(prices * mean_price) / sum(prices), 2)
                + 4 * {{ own_spread }} ^ 2
            ) / (sum(prices) - count(*) + 4),
            {{ own_spread }} ^ 2
        ) as own_variance
    from seen
    group by placement_type, provider_sector

),

compared as (

    select
        seen.*,
        spreads.own_variance,
        seen.mean_price
        / (
            sum(seen.prices * seen.mean_price) over type_and_sector
            / sum(seen.prices) over type_and_sector
        ) - 1 as off,
        count(*) over type_and_sector as authorities
    from seen
    inner join spreads
        on seen.placement_type = spreads.placement_type
        and seen.provider_sector = spreads.provider_sector
    window type_and_sector as (partition by seen.placement_type, seen.provider_sector)

),

-- Of all types at once: few authorities tell little of one (DerSimonian and Laird).
between_authorities as (

    select
        greatest(
            coalesce(
                (sum(prices * off * off / own_variance) - sum(1 - 1.0 / authorities))
                / nullif(sum((1 - 1.0 / authorities) * prices / own_variance), 0),
                0
            ),
            {{ authority_spread }} ^ 2
        ) as authority_variance
    from compared

),

with_weight as (

    select
        compared.placement_type,
        compared.provider_sector,
        compared.mean_price,
        1 / (
            between_authorities.authority_variance + compared.own_variance / compared.prices
        ) as weight
    from compared
    cross join between_authorities

),

-- Grain: a type and sector with prices.
of_sectors as (

    select
        placement_type,
        provider_sector,
        sum(weight * mean_price) / sum(weight) as mean_price,
        1 / sum(weight) as error_variance
    from with_weight
    group by placement_type, provider_sector

),

-- Grain: a type with prices.
of_types as (

    select
        placement_type,
        avg(mean_price) as mean_price
    from of_sectors
    group by placement_type

),

of_all as (

    select avg(price) as mean_price from levelled

),

-- Grain: a type and sector. Without prices it has that of the type, or else that of all types.
drawn_sectors as (

    select
        sectors.placement_type,
        sectors.provider_sector,
        coalesce(
            of_types.mean_price
            + (of_sectors.mean_price - of_types.mean_price)
            * {{ sector_spread }} ^ 2 / ({{ sector_spread }} ^ 2 + of_sectors.error_variance),
            of_types.mean_price,
            of_all.mean_price
        ) as mean_price,
        case
            when of_sectors.error_variance is not null
                then
                    {{ sector_spread }} ^ 2 * of_sectors.error_variance
                    / ({{ sector_spread }} ^ 2 + of_sectors.error_variance)
            when of_types.mean_price is not null then {{ sector_spread }} ^ 2
            when of_all.mean_price is not null then 1.0
        end as error_variance,
        coalesce(spreads.own_variance, 4 * {{ own_spread }} ^ 2) as own_variance
    from (select distinct placement_type, provider_sector from cells) as sectors
    cross join of_all
    left join of_types on sectors.placement_type = of_types.placement_type
    left join of_sectors
        on sectors.placement_type = of_sectors.placement_type
        and sectors.provider_sector = of_sectors.provider_sector
    left join spreads
        on sectors.placement_type = spreads.placement_type
        and sectors.provider_sector = spreads.provider_sector

),

weighed as (

    select
        cells.la_code,
        cells.placement_type,
        cells.provider_sector,
        drawn_sectors.mean_price as region_price,
        drawn_sectors.error_variance as region_variance,
        drawn_sectors.own_variance,
        between_authorities.authority_variance,
        seen.mean_price as seen_price,
        coalesce(seen.prices, 0) as prices,
        between_authorities.authority_variance
        / (
            between_authorities.authority_variance
            + drawn_sectors.own_variance / nullif(seen.prices, 0)
        ) as weight_seen
    from cells
    cross join between_authorities
    inner join drawn_sectors
        on cells.placement_type = drawn_sectors.placement_type
        and cells.provider_sector = drawn_sectors.provider_sector
    left join seen
        on cells.la_code = seen.la_code
        and cells.placement_type = seen.placement_type
        and cells.provider_sector = seen.provider_sector

),

final as (

    select
        la_code,
        placement_type,
        provider_sector,
        prices,
        region_price
        + coalesce(weight_seen, 0) * (coalesce(seen_price, region_price) - region_price)
            as gbp_per_week,
        sqrt(own_variance) as own_spread,
        authority_variance * (1 - coalesce(weight_seen, 0)) + {{ unlike }} ^ 2
            as authority_variance,
        1 - coalesce(weight_seen, 0) as weight_of_region,
        region_variance
    from weighed

)

select * from final
