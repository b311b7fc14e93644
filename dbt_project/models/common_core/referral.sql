with

returns as (

    select * from {{ ref('int_placement_return') }}

),

suitability as (

    select * from {{ ref('suitability_map') }}

),

answers as (

    select * from {{ ref('answer_map') }}

),

-- What a search is like is as its latest report has it; a home once found stays found.
searches as (

    select
        *,
        max(case when has_placement then 1 else 0 end) over (
            partition by referral_id
        ) = 1 as has_any_placement
    from returns

),

latest as (

    select * from searches where is_latest_of_referral

),

-- Grain: a referral.
final as (

    select
        latest.referral_id as id,
        latest.la_code,
        latest.child_id,
        latest.placement_needed_date,
        latest.placement_needed_urgency,
        latest.placement_location_preferred,
        latest.is_preferred_location_local,
        latest.out_of_la_reason,
        nullif(
            concat_ws(
                '; ',
                case when foster.is_preferred then 'foster' end,
                case when residential.is_preferred then 'residential' end,
                case when supported.is_preferred then 'supported' end
            ), ''
        ) as placement_type_preferred,
        in_school.common_core_value as child_in_school_currently,
        in_school.is_yes as has_child_in_school_currently,
        latest.child_to_continue_to_attend_school,
        ratio.common_core_value as minimum_adult_support_ratio,
        ratio.is_yes as has_minimum_adult_support_ratio,
        latest.number_siblings_to_place_together,
        latest.number_siblings_to_place_together > 0 as has_number_siblings_to_place_together,
        alongside.common_core_value as child_cared_alongside_others,
        alongside.is_yes as has_child_cared_alongside_others,
        pets.common_core_value as child_live_with_pets,
        pets.is_yes as has_child_live_with_pets,
        latest.referral_date,
        latest.age_at_referral,
        latest.is_deprived_of_liberty,
        latest.needs_assessment_method,
        uasc.common_core_value as uasc_status,
        uasc.is_yes as has_uasc_status,
        latest.has_any_placement as has_placement,
        latest.standard_version,
        latest.period
    from latest
    left join suitability as foster on latest.foster_care_suitability = foster.source_code
    left join suitability as residential
        on latest.residential_care_suitability = residential.source_code
    left join suitability as supported on latest.supported_home_suitability = supported.source_code
    left join answers as in_school
        on latest.child_in_school_currently = in_school.source_code
        and in_school.field = 'child_in_school_currently'
    left join answers as ratio
        on latest.minimum_adult_support_ratio = ratio.source_code
        and ratio.field = 'minimum_adult_support_ratio'
    left join answers as alongside
        on latest.child_cared_alongside_others = alongside.source_code
        and alongside.field = 'child_cared_alongside_others'
    left join answers as pets
        on latest.child_live_with_pets = pets.source_code
        and pets.field = 'child_live_with_pets'
    left join answers as uasc
        on latest.uasc_status = uasc.source_code
        and uasc.field = 'uasc_status'

)

select * from final
