with

source as (

    select * from {{ source('hub', 'ofsted_provider_list') }}

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
        rating_date,
        list_date
    from source

)

select * from renamed
