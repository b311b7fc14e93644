with

source as (

    select * from {{ source('hub', 'header') }}

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
        ethnic as ethnicity_code,
        -- booleans
        has_upn,
        mother = '1' as is_mother,
        has_mc_dob as has_childs_birth_date,
        -- dates
        dob_month as birth_month
    from source

)

select * from renamed
