with

source as (

    select * from {{ source('hub', 'check_result') }}

),

renamed as (

    select
        -- ids
        la_code,
        submission_id,
        -- text
        table_name,
        check_id,
        severity,
        field,
        message,
        outcome,
        -- numbers
        rows_tested,
        rows_failed,
        -- dates
        checked_at
    from source

)

select * from renamed
