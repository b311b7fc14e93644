with

source as (

    select * from {{ source('hub', 'alarm') }}

),

renamed as (

    select
        -- ids
        la_code,
        -- text
        kind,
        dataset,
        nullif(table_name, '') as table_name,
        period,
        message,
        how_to_fix,
        -- numbers
        rows as rows_read,
        rows_before
    from source

)

select * from renamed
