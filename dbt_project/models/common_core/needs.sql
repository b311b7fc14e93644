with

returns as (

    select * from {{ ref('int_placement_return') }} where is_latest_of_placement

),

answers as (

    select * from {{ ref('answer_map') }}

),

-- Grain: a search, or a home that it found.
final as (

    select
        {{ keyed_id(["'needs'", 'returns.return_id']) }} as id,
        returns.la_code,
        returns.referral_id,
        returns.placement_id,
        returns.stage,
        comms.common_core_value as comms_language_learning_req,
        comms.is_yes as has_comms_language_learning_req,
        returns.specific_comms_language_req,
        returns.specific_comms_language_req <> 'None' as has_specific_comms_language_req,
        returns.has_specific_comms_other,
        returns.adaptation_to_home,
        cultural.common_core_value as cultural_needs,
        cultural.is_yes as has_cultural_needs,
        returns.has_cultural_needs_other,
        coalesce(
            returns.additional_provision_by_home_to_child,
            returns.specify_additional_provision_by_home_to_child <> 'NA'
        ) as additional_provision_by_home_to_child,
        -- The 2025 standard writes the option out that later ones call Other.
        replace(
            returns.specify_additional_provision_by_home_to_child,
            'Other (please specify)',
            'Other'
        ) as specify_additional_provision_by_home_to_child,
        returns.specify_additional_provision_by_home_to_child <> 'NA'
            as has_specify_additional_provision_by_home_to_child,
        returns.has_additional_provision_other,
        returns.is_deprived_of_liberty
    from returns
    left join answers as comms
        on returns.comms_language_learning_req = comms.source_code
        and comms.field = 'comms_language_learning_req'
    left join answers as cultural
        on returns.cultural_needs = cultural.source_code
        and cultural.field = 'cultural_needs'

)

select * from final
