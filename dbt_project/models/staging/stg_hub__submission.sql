with

source as (

    select * from {{ source('hub', 'submission') }}

),

renamed as (

    select
        -- ids
        la_code,
        submission_id,
        -- text
        dataset,
        table_name,
        standard_version,
        period,
        status,
        reason_code,
        -- numbers
        rows_read,
        rows_kept,
        rows_quarantined,
        rows_superseded,
        stop_count,
        fix_count,
        warn_count,
        info_count,
        -- dates
        received_at
    from source

)

select * from renamed
