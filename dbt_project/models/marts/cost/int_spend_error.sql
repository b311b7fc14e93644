{{ config(schema='staging', materialized='table') }}

{% set row_key = [
    'area_code', 'period_type', 'period', 'breakdown', 'placement_type', 'provider_sector',
    'provider_urn', 'needs_profile',
] %}

with

spend as (

    select
        *,
        placement_type as home_type,
        provider_sector as home_sector
    from {{ ref('int_spend_child') }}

),

levels as (

    select * from {{ ref('int_price_level') }}

),

indices as (

    select * from {{ ref('int_price_index') }}

),

children as (

    select
        *,
        {{ keyed_id(row_key) }} as row_id
    from {{ ref('int_spend_row_child') }}

),

-- Grain: an area, period, row of a breakdown, authority, and type and sector of homes.
by_level as (

    {{ spend_rows(
        'spend',
        by=['home_type', 'home_sector'],
        sums=[
            'estimated_gbp', 'estimate_years_off', 'estimate_years_there', 'estimate_stay_gbp',
        ],
    ) }}

),

keyed as (

    select
        *,
        {{ keyed_id(row_key) }} as row_id
    from by_level

),

-- What of an estimate goes with each thing that is not known: the level of prices of the authority,
-- that of the region, the rise of the type and that of all types, of prices in a stay, and what
-- long stays cost less.
weighed as (

    select
        keyed.row_id,
        keyed.home_type,
        keyed.home_sector,
        power(keyed.estimated_gbp, 2) * levels.authority_variance as authority_square,
        keyed.estimated_gbp * levels.weight_of_region * sqrt(levels.region_variance)
            as region_part,
        keyed.estimate_years_off * sqrt(indices.own_rise_variance) as type_rise_part,
        keyed.estimate_years_off * indices.weight_of_all * sqrt(indices.rise_of_all_variance)
            as rise_part,
        keyed.estimate_years_there * {{ uplift_sd() }} as uplift_part,
        keyed.estimate_stay_gbp as stay_part
    from keyed
    inner join levels
        on keyed.la_code = levels.la_code
        and keyed.home_type = levels.placement_type
        and keyed.home_sector = levels.provider_sector
    inner join indices on keyed.home_type = indices.placement_type

),

-- What homes of a type and sector share adds up before it is squared; then what those of a type do.
of_sectors as (

    select
        row_id,
        home_type,
        sum(authority_square) as authority_square,
        power(sum(region_part), 2) as region_square,
        sum(type_rise_part) as type_rise_part,
        sum(rise_part) as rise_part,
        sum(uplift_part) as uplift_part,
        sum(stay_part) as stay_part
    from weighed
    group by row_id, home_type, home_sector

),

of_types as (

    select
        row_id,
        sum(authority_square + region_square) + power(sum(type_rise_part), 2) as square,
        sum(rise_part) as rise_part,
        sum(uplift_part) as uplift_part,
        sum(stay_part) as stay_part
    from of_sectors
    group by row_id, home_type

),

shared as (

    select
        row_id,
        sum(square)
        + power(sum(rise_part), 2)
        + power(sum(uplift_part), 2)
        + power(sum(stay_part), 2) as square
    from of_types
    group by row_id

),

own as (

    select
        row_id,
        sum(power(estimate_spread_gbp, 2)) as square
    from children
    group by row_id

),

-- Grain: an area, period and row of a breakdown.
final as (

    select
        shared.row_id,
        sqrt(shared.square + own.square) as error_gbp
    from shared
    inner join own on shared.row_id = own.row_id

)

select * from final
