with

source as (

    select * from {{ source('hub', 'forecast_setting') }}

),

renamed as (

    select
        -- dates
        as_of as as_of_date
    from source

)

select * from renamed
