with

returns as (

    select * from {{ ref('int_placement_return') }} where is_latest_of_placement

),

suitability as (

    select * from {{ ref('suitability_map') }}

),

answers as (

    select * from {{ ref('answer_map') }}

),

-- Grain: a search, or a home that it found.
final as (

    select
        {{ keyed_id(["'placement_type'", 'returns.return_id']) }} as id,
        returns.la_code,
        returns.referral_id,
        returns.placement_id,
        returns.stage,
        coalesce(
            planned.common_core_value, urgency.common_core_value
        ) as planned_or_emergency_placement,
        coalesce(planned.is_yes, urgency.is_yes) as is_emergency,
        returns.planned_or_emergency_placement is null
        and returns.placement_needed_urgency is not null as is_derived_from_urgency,
        foster.common_core_value as foster_care_suitability,
        foster.is_suitable as has_foster_care_suitability,
        residential.common_core_value as residential_care_suitability,
        residential.is_suitable as has_residential_care_suitability,
        supported.common_core_value as supported_home_suitability,
        supported.is_suitable as has_supported_home_suitability
    from returns
    left join suitability as foster on returns.foster_care_suitability = foster.source_code
    left join suitability as residential
        on returns.residential_care_suitability = residential.source_code
    left join suitability as supported on returns.supported_home_suitability = supported.source_code
    left join answers as planned
        on returns.planned_or_emergency_placement = planned.source_code
        and planned.field = 'planned_or_emergency_placement'
    left join answers as urgency
        on returns.placement_needed_urgency = urgency.source_code
        and urgency.field = 'placement_needed_urgency'

)

select * from final
