with

source as (

    select * from {{ source('hub', 'prev_perm') }}

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
        prev_perm as previous_permanence_code,
        -- booleans
        has_la_perm as has_previous_permanence_la,
        has_date_perm as has_previous_permanence_date,
        -- dates
        dob_month as birth_month
    from source

)

select * from renamed
