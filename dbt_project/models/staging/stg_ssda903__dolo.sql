with

source as (

    select * from {{ source('hub', 'dolo') }}

),

renamed as (

    select
        -- ids
        la_code,
        period,
        submission_id,
        record_id,
        child_id,
        -- dates
        dob_month as birth_month,
        dolo_start as start_date,
        dolo_end as end_date
    from source

)

select * from renamed
