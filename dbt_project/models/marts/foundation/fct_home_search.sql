with

referrals as (

    select * from {{ ref('referral') }} where coalesce(age_at_referral, 0) < 18

),

types as (

    select * from {{ ref('placement_type') }}

),

placements as (

    select * from {{ ref('placement') }}

),

coverage as (

    select * from {{ ref('coverage') }} where dataset = 'placements'

),

found_order as (

    select
        *,
        row_number() over (
            partition by referral_id order by start_date nulls last, id
        ) as found_order,
        count(*) over (partition by referral_id) as placements_found
    from placements
    where referral_id is not null

),

-- Grain: a search that found a home: the first home, for it ends the waiting.
first_found as (

    select * from found_order where found_order = 1

),

type_order as (

    select
        types.*,
        row_number() over (
            partition by types.referral_id
            order by
                case
                    when types.stage = 'home_search' then 1
                    when types.placement_id = first_found.id then 2
                    else 3
                end,
                types.id
        ) as type_order
    from types
    left join first_found on types.referral_id = first_found.referral_id

),

-- Grain: a search: what it said before a home was known, or else what came with the first home.
recommended as (

    select
        *,
        nullif(
            concat_ws(
                '; ',
                case when foster_care_suitability = 'Preferred' then 'foster' end,
                case when residential_care_suitability = 'Preferred' then 'residential' end,
                case when supported_home_suitability = 'Preferred' then 'supported' end
            ), ''
        ) as preferred_types,
        nullif(
            concat_ws(
                '; ',
                case when has_foster_care_suitability then 'foster' end,
                case when has_residential_care_suitability then 'residential' end,
                case when has_supported_home_suitability then 'supported' end
            ), ''
        ) as suitable_types
    from type_order
    where type_order = 1

),

-- Grain: a search.
joined as (

    select
        referrals.*,
        recommended.foster_care_suitability,
        recommended.residential_care_suitability,
        recommended.supported_home_suitability,
        recommended.preferred_types,
        recommended.suitable_types,
        recommended.is_emergency,
        coalesce(first_found.placements_found, 0) as placements_found,
        first_found.id as placement_id,
        first_found.placement_type,
        first_found.start_date as placement_start_date,
        first_found.days_referral_to_placement,
        first_found.distance_miles,
        first_found.is_out_of_authority,
        first_found.is_location_preferred,
        first_found.is_placed_with_siblings,
        first_found.is_education_continuous,
        case first_found.placement_type
            when 'foster' then recommended.foster_care_suitability
            when 'residential' then recommended.residential_care_suitability
            when 'supported' then recommended.supported_home_suitability
        end as suitability_of_found,
        coverage.last_date as covered_to_date
    from referrals
    left join first_found on referrals.id = first_found.referral_id
    left join recommended on referrals.id = recommended.referral_id
    left join coverage on referrals.la_code = coverage.la_code

),

final as (

    select
        id,
        la_code,
        child_id,
        standard_version,
        referral_date,
        {{ quarter_of('referral_date') }} as quarter,
        placement_needed_date,
        age_at_referral,
        {{ age_band('age_at_referral') }} as age_band,
        foster_care_suitability as foster_suitability,
        residential_care_suitability as residential_suitability,
        supported_home_suitability as supported_suitability,
        preferred_types,
        suitable_types,
        is_emergency,
        number_siblings_to_place_together > 0 as has_siblings_to_place,
        number_siblings_to_place_together as siblings_to_place,
        child_to_continue_to_attend_school as is_school_to_be_kept,
        is_preferred_location_local,
        not has_placement as is_open,
        covered_to_date,
        placements_found,
        placement_id,
        placement_type,
        placement_start_date,
        days_referral_to_placement as days_to_place,
        suitability_of_found = 'Preferred' as is_preferred_type,
        case
            when suitability_of_found in ('Preferred', 'Suitable but not preferred') then true
            when suitability_of_found = 'Unsuitable' then false
        end as is_suitable_type,
        distance_miles,
        is_out_of_authority,
        is_location_preferred,
        is_placed_with_siblings,
        is_education_continuous
    from joined

)

select * from final
