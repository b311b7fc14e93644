with

source as (

    select * from {{ source('hub', 'nps_2026_06') }}

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
        'nps_2026_06' as standard_version,
        cast(null as varchar) as placement_reference_key,
        nullif(upper(provider_urn), 'XXXXXXX') as provider_urn,
        -- text
        cast(null as varchar) as planned_or_emergency_placement,
        when_placement_is_needed_by as placement_needed_urgency,
        cast(null as varchar) as placement_location_preferred,
        out_of_la_reason,
        cast(null as varchar) as family_location,
        cast(null as varchar) as school_location,
        cast(null as varchar) as child_in_school_currently,
        cast(null as varchar) as frequency_of_visit_to_other_locations,
        cast(null as varchar) as location_to_avoid_answer,
        communication_language_learning_needs as comms_language_learning_req,
        specific_communication_and_language_requirements as specific_comms_language_req,
        cultural_needs,
        who_can_the_child_be_cared_for_alongside as child_cared_alongside_others,
        can_child_live_with_pets as child_live_with_pets,
        cast(null as varchar) as minimum_adult_support_ratio,
        foster_care_suitability,
        residential_care_suitability,
        supported_accommodation as supported_home_suitability,
        cast(null as varchar) as needs_assessment_method,
        cast(null as varchar) as uasc_status,
        risk_to_child_self_harm,
        cast(null as varchar) as risk_to_child_sexual_exploitation,
        risk_to_child_criminal_exploitation,
        risk_to_child_drug_and_alcohol_use as risk_to_child_drugs_alcohol,
        risk_to_child_eating_disorder,
        risk_to_child_going_missing,
        risk_to_others_physical_harm,
        risk_to_others_sexual_harm,
        risk_to_others_fire_setting,
        risk_to_others_harm_to_animals as risk_to_others_harm_animals,
        risk_to_others_criminal_exploitation,
        additional_support as specify_additional_provision_by_home_to_child,
        placement_type,
        cast(null as varchar) as placement_source,
        placement_location_district as placement_location,
        placement_la_code,
        cast(null as varchar) as non_preferred_location_reason,
        -- numbers
        number_of_siblings_to_place_with as number_siblings_to_place_together,
        how_many_siblings_were_placed_together as siblings_placed_together,
        age_at_referral,
        days_referral_to_placement,
        cost_total_weekly as agreed_weekly_cost,
        cast(null as decimal(12, 2)) as actual_weekly_cost,
        cost_core_weekly as core_weekly_cost,
        cost_additional_support_weekly as additional_support_weekly_cost,
        cost_education_weekly as education_weekly_cost,
        cost_other_weekly as other_weekly_cost,
        -- booleans
        cast(null as boolean) as has_local_identifier,
        is_preferred_location_local,
        cast(null as boolean) as has_out_of_la_reason_other,
        cast(null as boolean) as home_search_close_to_family,
        cast(null as boolean) as child_to_continue_to_attend_school,
        cast(null as boolean) as has_other_location_to_vist_regularly,
        cast(null as boolean) as has_other_location_text,
        cast(null as boolean) as has_location_to_avoid_text,
        cast(null as boolean) as has_specific_comms_other,
        adaptation_to_the_home as adaptation_to_home,
        cast(null as boolean) as has_cultural_needs_other,
        cast(null as boolean) as additional_provision_by_home_to_child,
        has_additional_support_other as has_additional_provision_other,
        cast(null as boolean) as has_risk_to_child_specify,
        cast(null as boolean) as has_risk_to_others_specify,
        dol as is_deprived_of_liberty,
        preferrability_of_placement_location as is_location_preferred,
        is_out_of_authority,
        cast(null as boolean) as sibling_split,
        education_continuity,
        has_name_of_officer_referral as has_referral_officer,
        has_name_of_officer_placement as has_placement_officer,
        has_name_of_officer_placement_cost as has_cost_officer,
        -- dates
        turned_18_date,
        cast(null as date) as placement_needed_date,
        date_entry_referral_month as referral_date,
        date_entry_placement as placement_date,
        date_entry_placement as start_date,
        date_entry_placement_cost_month as cost_date
    from source

)

select * from renamed
