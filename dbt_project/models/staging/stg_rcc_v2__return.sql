with

source as (

    select * from {{ source('hub', 'rcc_v2') }}

),

renamed as (

    select
        -- ids
        la_code,
        period,
        submission_id,
        record_id,
        referral_key,
        child_id,
        'rcc_v2' as standard_version,
        cast(null as varchar) as placement_reference_key,
        nullif(upper(provider_urn), 'XXXXXXX') as provider_urn,
        -- text
        search_urgency as planned_or_emergency_placement,
        cast(null as varchar) as placement_needed_urgency,
        preferred_location_area as placement_location_preferred,
        cast(null as varchar) as out_of_la_reason,
        family_postcode_district as family_location,
        school_postcode_district as school_location,
        in_school as child_in_school_currently,
        other_location_freq as frequency_of_visit_to_other_locations,
        avoid_flag as location_to_avoid_answer,
        comms_need as comms_language_learning_req,
        comms_specific as specific_comms_language_req,
        cultural_need as cultural_needs,
        alongside as child_cared_alongside_others,
        pets as child_live_with_pets,
        min_ratio as minimum_adult_support_ratio,
        suit_foster as foster_care_suitability,
        suit_residential as residential_care_suitability,
        suit_supported as supported_home_suitability,
        cast(null as varchar) as needs_assessment_method,
        cast(null as varchar) as uasc_status,
        risk_child_self_harm as risk_to_child_self_harm,
        risk_child_sexual_expl as risk_to_child_sexual_exploitation,
        risk_child_criminal_expl as risk_to_child_criminal_exploitation,
        risk_child_substance as risk_to_child_drugs_alcohol,
        risk_child_eating as risk_to_child_eating_disorder,
        risk_child_missing as risk_to_child_going_missing,
        risk_others_physical as risk_to_others_physical_harm,
        risk_others_sexual as risk_to_others_sexual_harm,
        risk_others_fire as risk_to_others_fire_setting,
        risk_others_animals as risk_to_others_harm_animals,
        risk_others_criminal as risk_to_others_criminal_exploitation,
        extra_support_types as specify_additional_provision_by_home_to_child,
        placement_type,
        cast(null as varchar) as placement_source,
        placement_location_area as placement_location,
        placement_la_code,
        cast(null as varchar) as non_preferred_location_reason,
        -- numbers
        siblings_to_place_with as number_siblings_to_place_together,
        cast(null as bigint) as siblings_placed_together,
        age_at_referral,
        days_referral_to_placement,
        agreed_weekly_cost,
        actual_weekly_cost,
        cast(null as decimal(12, 2)) as core_weekly_cost,
        cast(null as decimal(12, 2)) as additional_support_weekly_cost,
        cast(null as decimal(12, 2)) as education_weekly_cost,
        cast(null as decimal(12, 2)) as other_weekly_cost,
        -- booleans
        has_local_identifier,
        cast(null as boolean) as is_preferred_location_local,
        cast(null as boolean) as has_out_of_la_reason_other,
        close_to_family as home_search_close_to_family,
        keep_school as child_to_continue_to_attend_school,
        other_location_flag as has_other_location_to_vist_regularly,
        has_other_location as has_other_location_text,
        has_avoid_location as has_location_to_avoid_text,
        cast(null as boolean) as has_specific_comms_other,
        adaptation as adaptation_to_home,
        cast(null as boolean) as has_cultural_needs_other,
        extra_support as additional_provision_by_home_to_child,
        cast(null as boolean) as has_additional_provision_other,
        has_risk_child_other as has_risk_to_child_specify,
        has_risk_others_other as has_risk_to_others_specify,
        cast(null as boolean) as is_deprived_of_liberty,
        cast(null as boolean) as is_location_preferred,
        is_out_of_authority,
        sibling_split,
        cast(null as boolean) as education_continuity,
        has_referral_officer,
        has_placement_officer,
        cast(null as boolean) as has_cost_officer,
        -- dates
        turned_18_date,
        placement_needed_by_date_month as placement_needed_date,
        referral_form_date_month as referral_date,
        placement_form_date as placement_date,
        placement_form_date as start_date,
        cast(null as date) as cost_date
    from source

)

select * from renamed
