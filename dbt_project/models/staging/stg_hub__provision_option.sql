with

source as (

    select * from {{ source('hub', 'provision_option') }}

),

renamed as (

    select
        -- ids
        area_code as la_code,
        -- text
        option,
        placement_type,
        -- numbers
        beds,
        capital_gbp,
        running_cost_gbp_per_year,
        staffing_gbp_per_year,
        ramp_up_months,
        lifetime_years,
        -- dates
        opens as opening_date
    from source

)

select * from renamed
