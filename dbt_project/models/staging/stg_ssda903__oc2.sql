with

source as (

    select * from {{ source('hub', 'oc2') }}

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
        sdq_reason as sdq_reason_code,
        -- numbers
        sdq_score,
        -- booleans
        convicted = '1' as is_convicted,
        health_check = '1' as has_health_check,
        immunisations = '1' as has_immunisations,
        teeth_check = '1' as has_teeth_check,
        health_assessment = '1' as has_health_assessment,
        substance_misuse = '1' as has_substance_misuse,
        intervention_received = '1' as has_intervention_received,
        intervention_offered = '1' as has_intervention_offered,
        -- dates
        dob_month as birth_month
    from source

)

select * from renamed
