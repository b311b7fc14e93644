{{ config(schema='staging', materialized='table') }}

with

areas as (

    select * from {{ ref('int_forecast_area') }}

),

care_months as (

    select * from {{ ref('int_care_month') }}

),

spans as (

    select * from {{ ref('int_care_span') }}

),

outcomes as (

    select * from {{ ref('int_search_outcome') }} where is_covered

),

searches as (

    select * from {{ ref('fct_home_search') }}

),

placements as (

    select * from {{ ref('fct_placement') }}

),

prices as (

    select * from {{ ref('placement_price') }}

),

forecast_types as (

    select * from {{ ref('forecast_type') }}

),

-- Grain: an authority whose history reaches the last month of the region's.
last_days as (

    select distinct
        care_months.la_code,
        care_months.month_number,
        care_months.month_end
    from care_months
    inner join areas
        on care_months.la_code = areas.la_code
        and care_months.month_number = areas.region_last_month

),

-- Grain: a child in care on that day, in the home where it is counted.
living as (

    select
        care_months.la_code,
        care_months.child_id,
        care_months.month_number,
        care_months.age_band,
        care_months.forecast_type as lives_in,
        care_months.provider_sector,
        spans.placement_id
    from care_months
    inner join last_days
        on care_months.la_code = last_days.la_code
        and care_months.month_number = last_days.month_number
    left join spans
        on care_months.la_code = spans.la_code
        and care_months.child_id = spans.child_id
        and care_months.month_end >= spans.from_date
        and care_months.month_end
        < coalesce(spans.to_date, {{ day_after('care_months.month_end') }})

),

-- Grain: a search up to that day.
known_searches as (

    select
        outcomes.*,
        searches.placement_id,
        row_number() over (
            partition by outcomes.la_code, outcomes.child_id
            order by outcomes.referral_date desc, outcomes.referral_id desc
        ) as latest_first
    from outcomes
    inner join searches on outcomes.referral_id = searches.id
    inner join last_days
        on outcomes.la_code = last_days.la_code
        and outcomes.referral_date <= last_days.month_end

),

-- Grain: a child, by its latest search: what came later takes the place of what was said before.
latest as (

    select
        known_searches.*,
        forecast_types.forecast_type as found_type,
        coalesce(
            placements.source = 'placement_return'
            and placements.counted_to_basis = 'last day covered', false
        ) as is_known_from_return_alone
    from known_searches
    left join placements on known_searches.placement_id = placements.id
    left join forecast_types on known_searches.type_found = forecast_types.placement_type
    where known_searches.latest_first = 1

),

-- Grain: a child. Of one that SSDA903 does not know the return alone may tell where it lives.
joined as (

    select
        coalesce(living.la_code, latest.la_code) as la_code,
        coalesce(living.child_id, latest.child_id) as child_id,
        living.child_id is not null as is_in_care,
        living.age_band,
        living.provider_sector,
        living.placement_id,
        coalesce(
            living.lives_in,
            case
                when latest.is_known_from_return_alone then coalesce(latest.found_type, 'other')
                when latest.is_open then 'no home'
            end
        ) as lives_in,
        latest.child_id is not null as is_search_known,
        latest.recommended_type,
        coalesce(latest.is_unmet, false)
        and latest.recommended_type in ('foster', 'residential', 'supported') as is_unmet
    from living
    full outer join latest
        on living.la_code = latest.la_code
        and living.child_id = latest.child_id

),

final as (

    select
        joined.la_code,
        joined.child_id,
        joined.is_in_care,
        joined.age_band,
        joined.lives_in,
        joined.is_in_care
        and joined.lives_in in ('foster', 'residential', 'supported')
        and joined.provider_sector = 'independent agency' as is_bought,
        case
            when joined.is_unmet and joined.recommended_type <> joined.lives_in
                then joined.recommended_type
        end as lacks_type,
        joined.is_search_known,
        coalesce(joined.recommended_type, 'not known') as recommended_type,
        placements.provider_urn,
        coalesce(prices.is_price_known, false) as is_price_known,
        case
            when prices.is_price_known then prices.gbp_per_week else prices.estimated_gbp_per_week
        end as gbp_per_week,
        placements.distance_miles,
        placements.is_out_of_authority
    from joined
    left join placements on joined.placement_id = placements.id
    left join prices on joined.placement_id = prices.placement_id
    where joined.lives_in is not null

)

select * from final
