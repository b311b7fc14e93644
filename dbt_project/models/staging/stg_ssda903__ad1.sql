with

source as (

    select * from {{ source('hub', 'ad1') }}

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
        sex_adoptr as adopters_sex_code,
        ls_adoptr as adopters_legal_status_code,
        -- numbers
        nb_adoptr as adopters_count,
        -- booleans
        foster_care = '1' as is_adopted_by_foster_carer,
        -- dates
        dob_month as birth_month,
        date_int as decision_date,
        date_match as match_date
    from source

)

select * from renamed
