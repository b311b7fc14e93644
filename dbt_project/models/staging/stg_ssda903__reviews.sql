with

source as (

    select * from {{ source('hub', 'reviews') }}

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
        review_code,
        -- dates
        dob_month as birth_month,
        review as review_date
    from source

)

select * from renamed
