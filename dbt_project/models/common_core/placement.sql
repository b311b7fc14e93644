with

matches as (

    select * from {{ ref('int_placement_match') }}

),

returns as (

    select * from {{ ref('int_placement_return') }} where has_placement and is_latest_of_placement

),

ssda903 as (

    select * from {{ ref('int_placement_ssda903') }}

),

providers as (

    select * from {{ ref('provider') }}

),

sectors as (

    select * from {{ ref('provider_sector_map') }} where source = 'ofsted'

),

urgencies as (

    select * from {{ ref('answer_map') }}

),

-- Where both sources answer, the statutory return wins: it is validated, and its dates are exact.
joined as (

    select
        matches.placement_id,
        matches.la_code,
        matches.child_id,
        matches.source,
        matches.match_basis,
        matches.days_apart,
        matches.return_start_date,
        returns.referral_id,
        coalesce(returns.placement_location, ssda903.placement_district) as placement_location,
        coalesce(ssda903.placement_type, returns.mapped_placement_type) as placement_type,
        ssda903.placement_group,
        ssda903.place_code,
        returns.placement_type as return_placement_type,
        ssda903.place_provider_code,
        ssda903.provider_sector as ssda903_provider_sector,
        coalesce(ssda903.provider_urn, returns.provider_urn) as provider_urn,
        coalesce(ssda903.placement_la_code, returns.placement_la_code) as placement_la_code,
        ssda903.legal_status_code,
        ssda903.reason_episode_ceased_code,
        ssda903.reason_place_change_code,
        coalesce(ssda903.age_at_start, returns.age_at_referral) as age_at_start,
        ssda903.distance_miles,
        coalesce(
            ssda903.is_out_of_authority, returns.is_out_of_authority
        ) as is_out_of_authority,
        coalesce(ssda903.is_short_break, false) as is_short_break,
        coalesce(ssda903.start_date, returns.start_date) as start_date,
        matches.source = 'placement_return'
        and coalesce(returns.turned_18_date <= returns.start_date, false) as is_after_18,
        case
            when matches.source <> 'placement_return' then ssda903.end_date
            when returns.turned_18_date is not null
                then greatest(returns.turned_18_date, returns.start_date)
        end as end_date,
        returns.days_referral_to_placement,
        coalesce(planned.is_yes, urgency.is_yes) as is_emergency,
        returns.placement_source,
        returns.is_location_preferred,
        returns.non_preferred_location_reason,
        returns.number_siblings_to_place_together,
        returns.siblings_placed_together,
        returns.sibling_split,
        returns.education_continuity,
        returns.education_continuity_is_ambiguous,
        returns.placement_reference_key
    from matches
    left join returns on matches.return_placement_id = returns.placement_id
    left join ssda903 on matches.ssda903_placement_id = ssda903.ssda903_placement_id
    left join urgencies as planned
        on returns.planned_or_emergency_placement = planned.source_code
        and planned.field = 'planned_or_emergency_placement'
    left join urgencies as urgency
        on returns.placement_needed_urgency = urgency.source_code
        and urgency.field = 'placement_needed_urgency'

),

-- Grain: a placement.
final as (

    select
        joined.placement_id as id,
        joined.la_code,
        joined.child_id,
        joined.referral_id,
        joined.source,
        joined.match_basis,
        joined.days_apart,
        joined.placement_location,
        joined.placement_type,
        joined.placement_group,
        joined.place_code,
        joined.return_placement_type,
        joined.provider_urn,
        joined.place_provider_code,
        coalesce(
            joined.ssda903_provider_sector,
            case
                when sectors.common_core_value <> 'local authority' then sectors.common_core_value
                when providers.la_code = joined.la_code then 'own provision'
                when providers.la_code <> joined.la_code then 'other public'
            end,
            'unknown'
        ) as provider_sector,
        joined.start_date,
        joined.end_date,
        joined.is_after_18,
        joined.return_start_date,
        joined.age_at_start,
        joined.distance_miles,
        joined.placement_la_code,
        joined.is_out_of_authority,
        joined.legal_status_code,
        joined.is_short_break,
        joined.reason_episode_ceased_code,
        joined.reason_place_change_code,
        joined.days_referral_to_placement,
        joined.is_emergency,
        joined.placement_source,
        joined.is_location_preferred,
        joined.non_preferred_location_reason,
        joined.siblings_placed_together,
        joined.sibling_split,
        joined.sibling_split is not null as sibling_split_is_ambiguous,
        case
            when joined.number_siblings_to_place_together > 0
                then coalesce(
                    joined.siblings_placed_together >= joined.number_siblings_to_place_together,
                    not joined.sibling_split
                )
        end as is_placed_with_siblings,
        joined.education_continuity,
        coalesce(joined.education_continuity_is_ambiguous, false)
            as education_continuity_is_ambiguous,
        case
            when joined.education_continuity_is_ambiguous then not joined.education_continuity
            else joined.education_continuity
        end as is_education_continuous,
        joined.placement_reference_key
    from joined
    left join providers on joined.provider_urn = providers.urn
    left join sectors on providers.sector = sectors.source_code

)

select * from final
