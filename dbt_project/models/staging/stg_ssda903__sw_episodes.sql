with

source as (

    select * from {{ source('hub', 'sw_episodes') }}

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
        sw_reason as reason_change_code,
        -- booleans
        has_sw_id as has_social_worker_id,
        -- dates
        dob_month as birth_month,
        sw_decom as start_date,
        sw_dec as end_date
    from source

)

select * from renamed
