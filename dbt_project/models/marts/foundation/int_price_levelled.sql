{{ config(schema='staging', materialized='table') }}

with

starts as (

    select * from {{ ref('int_price_start') }}

),

traits as (

    select * from {{ ref('int_price_trait') }}

),

indices as (

    select * from {{ ref('int_price_index') }}

),

-- Grain: a stay with one carer whose price is known.
final as (

    select
        starts.la_code,
        starts.placement_type,
        starts.provider_sector,
        starts.provider_urn,
        exp(
            starts.log_price
            - traits.log_effect
            - indices.rise_a_year * (starts.years - indices.centre_years)
        ) as price
    from starts
    inner join traits
        on starts.placement_type = traits.placement_type
        and starts.age_band = traits.age_band
    inner join indices on starts.placement_type = indices.placement_type

)

select * from final
