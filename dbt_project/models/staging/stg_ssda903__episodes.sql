with

source as (

    select * from {{ source('hub', 'episodes') }}

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
        rne as reason_episode_started_code,
        ls as legal_status_code,
        cin as category_of_need_code,
        place as place_code,
        place_provider as place_provider_code,
        rec as reason_episode_ceased_code,
        reason_place_change as reason_place_change_code,
        home_post_district as home_district,
        pl_post_district as placement_district,
        urn,
        nullif(upper(urn), 'XXXXXXX') as provider_urn,
        placement_la_code,
        -- numbers
        age_at_start,
        distance_miles,
        -- booleans
        is_out_of_authority,
        -- dates
        decom as start_date,
        dec as end_date,
        turned_18_date
    from source

)

select * from renamed
