with

source as (

    select * from {{ source('hub', 'uasc') }}

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
        sex as sex_code,
        -- dates
        dob_month as birth_month,
        duc as status_ceased_date
    from source

)

select * from renamed
