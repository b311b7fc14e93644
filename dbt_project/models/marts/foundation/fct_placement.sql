with

placements as (

    select * from {{ ref('placement') }} where is_after_18 is not true

),

episodes as (

    select * from {{ ref('episode') }}

),

prices as (

    select * from {{ ref('placement_price') }}

),

coverage as (

    select * from {{ ref('coverage') }}

),

providers as (

    select * from {{ ref('dim_provider') }}

),

placement_types as (

    select * from {{ ref('placement_type_map') }}

),

lists as (

    select max(case when is_listed then 1 else 0 end) = 1 as is_any_listed from providers

),

episode_order as (

    select
        placement_id,
        urn,
        repair_rule,
        row_number() over (partition by placement_id order by start_date, id) as first_order,
        row_number() over (partition by placement_id order by start_date desc, id desc)
            as last_order
    from episodes

),

-- Grain: a placement that SSDA903 knows.
placement_episodes as (

    select
        placement_id,
        max(case when first_order = 1 then urn end) as urn_as_sent,
        max(case when last_order = 1 then repair_rule end) as repair_rule
    from episode_order
    group by placement_id

),

-- Grain: a child that SSDA903 knows.
statutory_children as (

    select distinct
        la_code,
        child_id
    from placements
    where source <> 'placement_return'

),

-- Grain: a placement that only the return knows and that another home of the child follows. The
-- return gives no end; a child lives in one home at a time, absences and short breaks aside.
followed as (

    select
        placements.id as placement_id,
        min(later.start_date) as next_start_date
    from placements
    inner join placements as later
        on placements.la_code = later.la_code
        and placements.child_id = later.child_id
        and placements.start_date < later.start_date
    where
        placements.source = 'placement_return'
        and not later.is_short_break
        and coalesce(later.place_code, '') not like 'T%'
    group by placements.id

),

-- Grain: a placement.
joined as (

    select
        placements.*,
        placement_episodes.urn_as_sent,
        coalesce(placement_episodes.repair_rule = 'open_but_not_reported_again', false)
            as is_end_assumed,
        prices.first_agreed_gbp_per_week as weekly_cost_at_start,
        prices.agreed_gbp_per_week as weekly_cost_latest,
        followed.next_start_date,
        coverage.last_date as covered_to_date,
        -- Of a child that SSDA903 knows it tells every home up to its last day.
        placements.source = 'placement_return'
        and statutory_children.child_id is not null
        and placements.start_date between statutory_coverage.first_date
        and statutory_coverage.last_date as is_told_elsewhere,
        coalesce(
            statutory_types.needs_ofsted_registration, return_types.needs_ofsted_registration
        ) as needs_ofsted_registration,
        providers.overall_rating,
        providers.registration_status,
        providers.urn as urn_on_list,
        lists.is_any_listed
    from placements
    cross join lists
    left join placement_episodes on placements.id = placement_episodes.placement_id
    left join prices on placements.id = prices.placement_id
    left join followed on placements.id = followed.placement_id
    left join coverage
        on placements.la_code = coverage.la_code
        and case when placements.source = 'placement_return' then 'placements' else 'ssda903' end
        = coverage.dataset
    left join coverage as statutory_coverage
        on placements.la_code = statutory_coverage.la_code
        and statutory_coverage.dataset = 'ssda903'
    left join statutory_children
        on placements.la_code = statutory_children.la_code
        and placements.child_id = statutory_children.child_id
    left join placement_types as statutory_types
        on placements.place_code = statutory_types.source_code
        and statutory_types.source = 'ssda903'
    left join placement_types as return_types
        on placements.return_placement_type = return_types.source_code
        and return_types.source = 'placements'
    left join providers
        on placements.provider_urn = providers.urn
        and providers.is_listed
        and placements.start_date >= coalesce(providers.valid_from, placements.start_date)
        and placements.start_date <= coalesce(providers.valid_to, placements.start_date)

),

with_last_night as (

    select
        *,
        case
            when start_date is null or covered_to_date is null then null
            when is_told_elsewhere then start_date
            else greatest(
                start_date,
                least(end_date, next_start_date, {{ day_after('covered_to_date') }})
            )
        end as counted_to_date
    from joined

),

final as (

    select
        id,
        la_code,
        child_id,
        referral_id,
        source,
        placement_type,
        place_code,
        provider_sector,
        provider_urn,
        start_date,
        end_date,
        is_end_assumed,
        {{ quarter_of('start_date') }} as quarter,
        age_at_start,
        {{ age_band('age_at_start') }} as age_band,
        distance_miles,
        is_out_of_authority,
        is_short_break,
        coalesce(place_code like 'T%', false) as is_temporary,
        is_emergency,
        is_placed_with_siblings,
        sibling_split_is_ambiguous,
        is_education_continuous,
        education_continuity_is_ambiguous,
        weekly_cost_at_start,
        weekly_cost_latest,
        overall_rating as rating_at_start,
        case
            when needs_ofsted_registration is null then 'not known'
            when not needs_ofsted_registration then 'not needed'
            when urn_as_sent is not null and provider_urn is null then 'no number'
            when provider_urn is null or not is_any_listed then 'not known'
            when urn_on_list is null then 'not on the list'
            else 'on the list'
        end as registration_at_start,
        registration_status as registration_status_at_start,
        counted_to_date,
        case
            when counted_to_date is null then 'not known'
            when is_told_elsewhere then 'statutory return'
            when counted_to_date >= end_date then 'end'
            when counted_to_date = next_start_date then 'next placement'
            else 'last day covered'
        end as counted_to_basis,
        coalesce({{ days_between('start_date', 'counted_to_date') }}, 0) as nights
    from with_last_night

)

select * from final
