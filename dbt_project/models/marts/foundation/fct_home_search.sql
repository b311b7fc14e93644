with

referrals as (

    select * from {{ ref('referral') }} where coalesce(age_at_referral, 0) < 18

),

types as (

    select * from {{ ref('placement_type') }}

),

placements as (

    -- As in `fct_placement`: a home from the 18th birthday on ends no search of a child in care.
    select * from {{ ref('placement') }} where is_after_18 is not true

),

coverage as (

    select * from {{ ref('coverage') }} where dataset = 'placements'

),

stays as (

    select * from {{ ref('int_care_episode') }}

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

-- Grain: a home that SSDA903 alone knows and that begins a stay, and the child's latest search
-- before it. Of a search only the month is known; a home that began earlier in it counts, too.
homes_of_no_search as (

    select
        placements.id as placement_id,
        placements.placement_type,
        placements.start_date,
        referrals.id as referral_id,
        row_number() over (
            partition by placements.id
            order by referrals.referral_date desc, referrals.has_placement asc, referrals.id asc
        ) as search_order
    from placements
    inner join stays
        on placements.id = stays.placement_id
        and placements.start_date = stays.stay_start_date
        and stays.start_date = stays.stay_start_date
    inner join referrals
        on placements.la_code = referrals.la_code
        and placements.child_id = referrals.child_id
        and placements.start_date >= referrals.referral_date
    where
        placements.referral_id is null
        and not placements.is_short_break
        and not coalesce(placements.place_code like 'T%', false)

),

-- Grain: a search that no return has a home for, though SSDA903 shows the child in one of the type
-- recommended: it has ended with the first such home.
ended_in_ssda903 as (

    select
        homes_of_no_search.*,
        row_number() over (
            partition by homes_of_no_search.referral_id
            order by homes_of_no_search.start_date, homes_of_no_search.placement_id
        ) as home_order
    from homes_of_no_search
    inner join referrals on homes_of_no_search.referral_id = referrals.id
    inner join recommended on homes_of_no_search.referral_id = recommended.referral_id
    where
        homes_of_no_search.search_order = 1
        and not referrals.has_placement
        and contains(
            coalesce(recommended.preferred_types, recommended.suitable_types),
            homes_of_no_search.placement_type
        )

),

-- Grain: a search and its home, from the returns or else from SSDA903.
homes as (

    select
        referral_id,
        id as placement_id,
        placements_found,
        false as is_found_in_ssda903
    from first_found
    union all
    select
        referral_id,
        placement_id,
        1 as placements_found,
        true as is_found_in_ssda903
    from ended_in_ssda903
    where home_order = 1

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
        coalesce(homes.placements_found, 0) as placements_found,
        coalesce(homes.is_found_in_ssda903, false) as is_found_in_ssda903,
        found.id as placement_id,
        found.placement_type,
        found.start_date as placement_start_date,
        found.days_referral_to_placement,
        found.distance_miles,
        found.is_out_of_authority,
        found.is_location_preferred,
        found.is_placed_with_siblings,
        found.is_education_continuous,
        case found.placement_type
            when 'foster' then recommended.foster_care_suitability
            when 'residential' then recommended.residential_care_suitability
            when 'supported' then recommended.supported_home_suitability
        end as suitability_of_found,
        coverage.last_date as covered_to_date
    from referrals
    left join homes on referrals.id = homes.referral_id
    left join placements as found on homes.placement_id = found.id
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
        not has_placement and not is_found_in_ssda903 as is_open,
        is_found_in_ssda903,
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
