with

returns as (

    select * from {{ ref('int_placement_return') }} where is_latest_of_referral

),

answers as (

    select * from {{ ref('answer_map') }} where field = 'location_to_avoid'

),

-- Grain: a referral that says something of a place.
final as (

    select
        {{ keyed_id(["'important_location'", 'returns.referral_id']) }} as id,
        returns.la_code,
        returns.referral_id,
        returns.family_location,
        returns.school_location,
        returns.family_location as primary_home_location,
        returns.placement_location_preferred as preferred_home_location,
        returns.home_search_close_to_family,
        cast(null as varchar) as other_location_to_vist_regularly,
        returns.has_other_location_to_vist_regularly,
        returns.has_other_location_text,
        returns.frequency_of_visit_to_other_locations,
        cast(null as varchar) as location_to_avoid,
        answers.common_core_value as location_to_avoid_answer,
        answers.is_yes as has_location_to_avoid,
        returns.has_location_to_avoid_text,
        cast(null as varchar) as place_of_worship,
        cast(null as boolean) as has_place_of_worship
    from returns
    left join answers on returns.location_to_avoid_answer = answers.source_code
    where
        coalesce(
            returns.family_location,
            returns.school_location,
            returns.placement_location_preferred,
            returns.frequency_of_visit_to_other_locations,
            returns.location_to_avoid_answer
        ) is not null
        or returns.home_search_close_to_family is not null
        or returns.has_other_location_to_vist_regularly is not null

)

select * from final
