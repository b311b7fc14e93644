with

source as (

    select * from {{ source('hub', 'placed_adoption') }}

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
        reason_placed_ceased as reason_placed_ceased_code,
        -- dates
        dob_month as birth_month,
        date_placed as placed_date,
        date_placed_ceased as placed_ceased_date
    from source

)

select * from renamed
