with

england as (

    select * from {{ ref('english_authority') }}

),

region as (

    select * from {{ ref('stg_hub__authority') }}

),

-- Grain: an authority; an LA of the region is there even if the list does not know its code.
final as (

    select
        coalesce(england.la_code, region.la_code) as la_code,
        coalesce(england.la_name, region.la_name) as la_name,
        coalesce(england.region_name, region.region_name) as region_name,
        region.la_code is not null as is_in_region,
        coalesce(region.is_hub, false) as is_hub,
        coalesce(region.is_synthetic, false) as is_synthetic
    from england
    full outer join region on england.la_code = region.la_code

)

select * from final
