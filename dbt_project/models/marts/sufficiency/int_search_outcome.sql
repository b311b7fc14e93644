{{ config(schema='staging') }}

with

searches as (

    select * from {{ ref('fct_home_search') }}

),

needs as (

    select * from {{ ref('search_needs_profile') }}

),

placements as (

    select * from {{ ref('fct_placement') }}

),

coverage as (

    select * from {{ ref('coverage') }} where dataset = 'placements'

),

care as (

    select * from {{ ref('int_care_episode') }}

),

-- Grain: a search without a home that something ended all the same: a later search of the child, a
-- home that no search is known for, or that the child left care. Its waiting ends there, so that no
-- week counts twice.
later_searches as (

    select
        open_searches.id as referral_id,
        min(later.referral_date) as ended_date
    from searches as open_searches
    inner join searches as later
        on open_searches.la_code = later.la_code
        and open_searches.child_id = later.child_id
        and open_searches.referral_date < later.referral_date
    where open_searches.is_open
    group by open_searches.id

),

later_homes as (

    select
        open_searches.id as referral_id,
        min(placements.start_date) as ended_date
    from searches as open_searches
    inner join placements
        on open_searches.la_code = placements.la_code
        and open_searches.child_id = placements.child_id
        and {{ days_after('open_searches.referral_date', 15) }} <= placements.start_date
    where
        open_searches.is_open
        and not placements.is_short_break
        and not placements.is_temporary
    group by open_searches.id

),

left_care as (

    select
        open_searches.id as referral_id,
        min(care.care_end_date) as ended_date
    from searches as open_searches
    inner join care
        on open_searches.la_code = care.la_code
        and open_searches.child_id = care.child_id
        and {{ days_after('open_searches.referral_date', 15) }} <= care.care_end_date
    where open_searches.is_open
    group by open_searches.id

),

-- Grain: a search without a home: the last day on which it was known to be on.
ended as (

    select
        searches.id as referral_id,
        least(
            {{ day_after('searches.covered_to_date') }},
            later_searches.ended_date,
            later_homes.ended_date,
            left_care.ended_date
        ) as ended_date
    from searches
    left join later_searches on searches.id = later_searches.referral_id
    left join later_homes on searches.id = later_homes.referral_id
    left join left_care on searches.id = left_care.referral_id
    where searches.is_open

),

-- Grain: a search. Of its day only the month is known: its middle is taken where the exact days to
-- the home are not known.
joined as (

    select
        searches.*,
        needs.needs_profile_id,
        coalesce(needs.is_needs_known, false) as is_needs_known,
        placements.nights,
        coalesce(searches.referral_date >= coverage.first_date, false) as is_covered,
        searches.preferred_types is not null
        and searches.placement_type in ('foster', 'residential', 'supported') as is_comparable,
        ended.ended_date,
        case
            when searches.is_open
                then
                    {{ days_between(days_after('searches.referral_date', 15), 'ended.ended_date') }}
            else
                coalesce(
                    searches.days_to_place,
                    {{ days_between(
                        days_after('searches.referral_date', 15), 'searches.placement_start_date'
                    ) }}
                )
        end as days_waited
    from searches
    left join needs on searches.id = needs.referral_id
    left join placements on searches.placement_id = placements.id
    left join coverage on searches.la_code = coverage.la_code
    left join ended on searches.id = ended.referral_id

),

judged as (

    select
        *,
        -- Not greatest(): it takes null for nothing.
        case when days_waited < 0 then 0 else days_waited end as wait_days,
        case
            when is_comparable then not contains(preferred_types, placement_type)
        end as is_not_preferred_type,
        not is_suitable_type as is_unsuitable_type
    from joined

),

final as (

    select
        id as referral_id,
        la_code,
        child_id,
        quarter,
        referral_date,
        age_band,
        needs_profile_id,
        is_needs_known,
        case
            when preferred_types is null then 'not known'
            when contains(preferred_types, ';') then 'several'
            else preferred_types
        end as recommended_type,
        is_covered,
        is_open,
        placement_type as type_found,
        days_to_place,
        wait_days,
        is_not_preferred_type,
        is_unsuitable_type,
        distance_miles > 20 as is_over_20_miles,
        is_out_of_authority,
        not is_placed_with_siblings as is_siblings_split,
        not is_education_continuous as is_school_lost,
        is_emergency,
        round(
            (
                wait_days
                + case when is_not_preferred_type or is_unsuitable_type then nights else 0 end
            ) / 7.0, 2
        ) as unmet_weeks,
        case
            -- Where no type is recommended, open searches alone could be judged: all unmet.
            when preferred_types is null then null
            -- Ended by the end of the month in which the home was needed: not needed any more.
            when is_open
                then coalesce(ended_date > {{ day_after('last_day(placement_needed_date)') }}, true)
            else is_not_preferred_type or is_unsuitable_type
        end as is_unmet
    from judged

)

select * from final
