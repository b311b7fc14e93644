with

source as (

    select * from {{ source('hub', 'nps_records') }}

),

-- A record dates its placement among the dates of data entry, beside the placement itself: without
-- anything of the placement it is a search that is still open.
told as (

    select
        *,
        placement_type is not null
        or placement_source is not null
        or placement_start_date is not null
        or provider_urn is not null
        or placement_location_district is not null
        or total_weekly_cost is not null as has_actual_placement
    from source

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
        'nps_records' as standard_version,
        placement_id_key as placement_reference_key,
        nullif(upper(provider_urn), 'XXXXXXX') as provider_urn,
        -- text
        cast(null as varchar) as planned_or_emergency_placement,
        needed_by as placement_needed_urgency,
        cast(null as varchar) as placement_location_preferred,
        out_of_la_reason,
        cast(null as varchar) as family_location,
        cast(null as varchar) as school_location,
        cast(null as varchar) as child_in_school_currently,
        cast(null as varchar) as frequency_of_visit_to_other_locations,
        cast(null as varchar) as location_to_avoid_answer,
        communication_needs as comms_language_learning_req,
        specific_communication_requirement as specific_comms_language_req,
        cultural_needs,
        living_companions as child_cared_alongside_others,
        pets as child_live_with_pets,
        cast(null as varchar) as minimum_adult_support_ratio,
        foster_care_suitability,
        residential_care_suitability,
        supported_accommodation_suitability as supported_home_suitability,
        needs_assessment_method,
        uasc_status,
        risk_self_harm as risk_to_child_self_harm,
        risk_sexual_exploitation as risk_to_child_sexual_exploitation,
        risk_criminal_exploitation as risk_to_child_criminal_exploitation,
        risk_drug_alcohol as risk_to_child_drugs_alcohol,
        risk_eating_disorder as risk_to_child_eating_disorder,
        risk_missing as risk_to_child_going_missing,
        risk_to_others_physical as risk_to_others_physical_harm,
        risk_to_others_sexual as risk_to_others_sexual_harm,
        risk_to_others_fire as risk_to_others_fire_setting,
        risk_to_others_animals as risk_to_others_harm_animals,
        risk_to_others_criminal as risk_to_others_criminal_exploitation,
        additional_support as specify_additional_provision_by_home_to_child,
        placement_type,
        placement_source,
        placement_location_district as placement_location,
        placement_la_code,
        non_preferred_location_reason,
        -- numbers
        sibling_count as number_siblings_to_place_together,
        siblings_placed_together,
        age_at_referral,
        case when has_actual_placement then days_referral_to_placement end
            as days_referral_to_placement,
        total_weekly_cost as agreed_weekly_cost,
        cast(null as decimal(12, 2)) as actual_weekly_cost,
        core_weekly_cost,
        additional_support_weekly_cost,
        education_weekly_cost,
        other_weekly_cost,
        -- booleans
        cast(null as boolean) as has_local_identifier,
        is_preferred_location_local,
        has_out_of_la_reason_other,
        cast(null as boolean) as home_search_close_to_family,
        cast(null as boolean) as child_to_continue_to_attend_school,
        cast(null as boolean) as has_other_location_to_vist_regularly,
        cast(null as boolean) as has_other_location_text,
        cast(null as boolean) as has_location_to_avoid_text,
        has_specific_communication_requirement_other as has_specific_comms_other,
        home_adaptation_required as adaptation_to_home,
        has_cultural_needs_other,
        cast(null as boolean) as additional_provision_by_home_to_child,
        has_additional_support_other as has_additional_provision_other,
        cast(null as boolean) as has_risk_to_child_specify,
        cast(null as boolean) as has_risk_to_others_specify,
        deprivation_of_liberty as is_deprived_of_liberty,
        is_location_preferred,
        is_out_of_authority,
        cast(null as boolean) as sibling_split,
        is_education_continuous as education_continuity,
        has_referral_officer_name as has_referral_officer,
        has_placement_officer_name as has_placement_officer,
        has_cost_officer_name as has_cost_officer,
        -- dates
        turned_18_date,
        cast(null as date) as placement_needed_date,
        referral_date_month as referral_date,
        case when has_actual_placement then placement_date end as placement_date,
        case when has_actual_placement then coalesce(placement_start_date, placement_date) end
            as start_date,
        cost_date_month as cost_date
    from told

)

select * from renamed
