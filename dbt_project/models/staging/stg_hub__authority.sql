with

source as (

    select * from {{ source('hub', 'authority') }}

),

renamed as (

    select
        -- ids
        la_code,
        -- text
        la_name,
        region_name,
        -- booleans
        is_hub,
        is_synthetic
    from source

)

select * from renamed
