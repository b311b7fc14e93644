with

source as (

    select * from {{ source('hub', 'missing') }}

),

renamed as (

    select
        -- ids
        la_code,
        period,
        submission_id,
        record_id,
        child_id,
        -- text
        missing as missing_code,
        -- dates
        dob_month as birth_month,
        mis_start as start_date,
        mis_end as end_date
    from source

)

select * from renamed
