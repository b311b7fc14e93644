{{ config(schema='staging') }}

with

placements as (

    select * from {{ ref('placement') }}

),

referrals as (

    select * from {{ ref('referral') }}

),

submissions as (

    select * from {{ ref('submission') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- What an authority's files do not cover is known only of placements that lasted into them:
-- quarters before the first period would show the long placements alone.
covered as (

    select
        la_code,
        min(period_start_date) as first_date
    from submissions
    where status = 'accepted'
    group by la_code

),

-- Grain: a placement. Short breaks are left out, as DfE's statistics do.
measured as (

    select
        placements.*,
        authorities.is_synthetic,
        {{ quarter_of('placements.start_date') }} as quarter,
        referrals.placement_type_preferred,
        referrals.placement_type_preferred
        like '%' || placements.placement_type || '%' as is_of_preferred_type
    from placements
    inner join covered
        on placements.la_code = covered.la_code
        and placements.start_date >= covered.first_date
    inner join authorities on placements.la_code = authorities.la_code
    left join referrals on placements.referral_id = referrals.id
    where not placements.is_short_break

),

-- Grain: an authority and quarter; and the region (no authority) and quarter.
counted as (

    select
        la_code,
        quarter,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        count(distinct la_code) as authorities,
        count(*) as placements_started,
        count(distance_miles) as distance_known,
        {{ count_where('distance_miles > 20') }} as over_20_miles,
        avg(distance_miles) as mean_distance_miles,
        {{ percentile('distance_miles', 0.5) }} as median_distance_miles,
        count(is_out_of_authority) as in_or_out_known,
        {{ count_where('is_out_of_authority') }} as out_of_authority,
        count(placement_type) as type_known,
        {{ count_where("placement_type = 'foster'") }} as foster,
        {{ count_where("placement_type = 'residential'") }} as residential,
        {{ count_where("placement_type = 'supported'") }} as supported,
        {{ count_where("placement_type not in ('foster', 'residential', 'supported')") }}
            as other_types,
        count(is_of_preferred_type) as preferred_type_known,
        {{ count_where('is_of_preferred_type') }} as preferred_type_used,
        count(is_placed_with_siblings) as siblings_known,
        {{ count_where('is_placed_with_siblings') }} as placed_with_siblings,
        {{ count_where('is_placed_with_siblings is not null and sibling_split_is_ambiguous') }}
            as siblings_ambiguous,
        count(is_education_continuous) as school_known,
        {{ count_where('is_education_continuous') }} as school_kept,
        {{ count_where('education_continuity_is_ambiguous') }} as school_ambiguous,
        count(is_emergency) as emergency_known,
        {{ count_where('is_emergency') }} as emergency
    from measured
    group by grouping sets ((la_code, quarter), (quarter))

),

final as (

    select
        case when counted.la_code is null then 'region' else 'authority' end as area_level,
        coalesce(authorities.la_name, 'Region') as area_name,
        counted.*
    from counted
    left join authorities on counted.la_code = authorities.la_code

)

select * from final
