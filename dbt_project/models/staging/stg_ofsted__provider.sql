with

source as (

    select * from {{ source('hub', 'ofsted_provider') }}

),

renamed as (

    select
        -- ids
        upper(urn) as urn,
        la_code,
        -- text
        provider_name,
        owner_name,
        provider_type,
        sector,
        registration_status,
        overall_rating,
        -- numbers
        places,
        -- dates
        rating_date
    from source

)

select * from renamed
