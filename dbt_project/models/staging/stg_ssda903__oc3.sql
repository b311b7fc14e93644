with

source as (

    select * from {{ source('hub', 'oc3') }}

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
        in_touch as in_touch_code,
        activ as activity_code,
        accom as accommodation_code,
        -- dates
        dob_month as birth_month
    from source

)

select * from renamed
