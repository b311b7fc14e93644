{{ config(schema='staging') }}

{% set least = 5 %}  -- children that a cost or a need must rest on
{% set least_others = 2 %}  -- authorities, so that what is of others is nobody's

with

options as (

    select * from {{ ref('stg_hub__provision_option') }}

),

outcomes as (

    select * from {{ ref('int_search_outcome') }} where is_covered

),

searches as (

    select * from {{ ref('fct_home_search') }}

),

placements as (

    select * from {{ ref('fct_placement') }} where not is_short_break and not is_temporary

),

coverage as (

    select * from {{ ref('coverage') }} where dataset = 'placements'

),

-- Grain: a search whose need went unmet, with the price of the home that was found all the same.
unmet as (

    select
        outcomes.la_code,
        outcomes.child_id,
        outcomes.recommended_type,
        outcomes.needs_profile_id,
        outcomes.type_found,
        outcomes.unmet_weeks * 365.25
        / ({{ days_between('coverage.first_date', 'coverage.last_date') }} + 1) as weeks_a_year,
        placements.weekly_cost_latest as own_price
    from outcomes
    inner join coverage on outcomes.la_code = coverage.la_code
    inner join searches on outcomes.referral_id = searches.id
    left join placements on searches.placement_id = placements.id
    where outcomes.is_unmet and outcomes.unmet_weeks > 0

),

-- Grain: needs profile, recommended type and type found, with enough prices.
like_prices as (

    select
        recommended_type,
        needs_profile_id,
        type_found,
        {{ percentile('own_price', 0.5) }} as price
    from unmet
    where own_price is not null
    group by recommended_type, needs_profile_id, type_found
    having count(distinct child_id) >= {{ least }}

),

-- Grain: type of home with enough prices.
found_prices as (

    select
        placement_type,
        {{ percentile('weekly_cost_latest', 0.5) }} as price
    from placements
    where weekly_cost_latest is not null
    group by placement_type
    having count(distinct child_id) >= {{ least }}

),

-- Grain: as `unmet`, with what a home like the one found costs for children like it.
priced as (

    select
        unmet.*,
        cast(coalesce(like_prices.price, found_prices.price) as double) as weekly_price
    from unmet
    left join like_prices
        on unmet.recommended_type = like_prices.recommended_type
        and unmet.needs_profile_id = like_prices.needs_profile_id
        and unmet.type_found = like_prices.type_found
    left join found_prices on unmet.type_found = found_prices.placement_type

),

-- Grain: an option and a search for a home of its type whose need went unmet.
of_option as (

    select
        options.option,
        priced.*,
        priced.la_code = options.la_code as is_own,
        case when priced.weekly_price is not null then priced.weeks_a_year end as priced_weeks,
        case when priced.weekly_price is not null then priced.child_id end as child_with_price,
        case when priced.weekly_price is not null then priced.la_code end as la_with_price
    from options
    inner join priced on options.placement_type = priced.recommended_type

),

-- Grain: an option whose type some search of the region lacked.
needed as (

    select
        option,
        count(distinct case when is_own then child_id end) as own_children,
        sum(case when is_own then weeks_a_year else 0 end) as own_weeks_a_year,
        count(distinct case when not is_own then child_id end) as other_children,
        count(distinct case when not is_own then la_code end) as other_authorities,
        sum(case when not is_own then weeks_a_year else 0 end) as other_weeks_a_year,
        sum(case when is_own then priced_weeks * weekly_price end)
        / sum(case when is_own then priced_weeks end) as own_price,
        count(distinct case when is_own then child_with_price end) as own_price_children,
        sum(priced_weeks * weekly_price) / sum(priced_weeks) as region_price,
        count(distinct child_with_price) as region_price_children,
        count(distinct case when not is_own then child_with_price end) as other_price_children,
        count(distinct case when not is_own then la_with_price end) as other_price_authorities
    from of_option
    group by option

),

-- Grain: an option whose type has placements with a price.
type_prices as (

    select
        options.option,
        {{ percentile('placements.weekly_cost_latest', 0.5) }} as type_price,
        count(distinct placements.child_id) as type_children,
        count(distinct case when placements.la_code <> options.la_code then placements.child_id end)
            as other_type_children,
        count(distinct case when placements.la_code <> options.la_code then placements.la_code end)
            as other_type_authorities
    from options
    inner join placements on options.placement_type = placements.placement_type
    where placements.weekly_cost_latest is not null
    group by options.option

),

-- Grain: an authority with a search.
searched as (

    select
        la_code,
        count(*) as searches
    from outcomes
    group by la_code

),

-- Grain: an option. A price of the region is shown where what the others have in it is nobody's.
joined as (

    select
        options.*,
        coverage.first_date as covered_from_date,
        coverage.last_date as covered_to_date,
        coalesce(searched.searches, 0) as searches,
        coalesce(needed.own_children, 0) as own_children,
        coalesce(needed.own_weeks_a_year, 0) as own_weeks_a_year,
        case
            when
                needed.other_children >= {{ least }}
                and needed.other_authorities >= {{ least_others }}
                then needed.other_weeks_a_year
            else 0
        end as other_weeks_a_year,
        needed.own_price,
        needed.own_price_children,
        needed.region_price,
        needed.region_price_children,
        type_prices.type_price,
        coalesce(type_prices.type_children, 0) as type_children,
        coalesce(
            type_prices.type_children >= {{ least }}
            and (
                type_prices.other_type_children = 0
                or (
                    type_prices.other_type_children >= {{ least }}
                    and type_prices.other_type_authorities >= {{ least_others }}
                )
            ), false
        ) as is_type_price_shown,
        coalesce(
            needed.region_price_children >= {{ least }}
            and (
                needed.other_price_children = 0
                or (
                    needed.other_price_children >= {{ least }}
                    and needed.other_price_authorities >= {{ least_others }}
                )
            ), false
        ) as is_region_price_shown
    from options
    left join coverage on options.la_code = coverage.la_code
    left join searched on options.la_code = searched.la_code
    left join needed on options.option = needed.option
    left join type_prices on options.option = type_prices.option

),

based as (

    select
        *,
        case
            when own_price_children >= {{ least }} then 'area'
            when is_region_price_shown then 'region'
            when is_type_price_shown then 'type'
            else 'not known'
        end as price_basis
    from joined

),

final as (

    select
        option,
        la_code,
        placement_type,
        beds,
        capital_gbp,
        running_cost_gbp_per_year,
        staffing_gbp_per_year,
        opening_date,
        ramp_up_months,
        lifetime_years,
        covered_from_date,
        covered_to_date,
        searches,
        own_children,
        own_children between 1 and {{ least - 1 }} as is_too_few,
        own_weeks_a_year,
        other_weeks_a_year,
        price_basis,
        case price_basis
            when 'area' then own_price
            when 'region' then region_price
            when 'type' then type_price
        end as weekly_price,
        case price_basis
            when 'area' then own_price_children
            when 'region' then region_price_children
            when 'type' then type_children
            else 0
        end as price_children,
        case when is_type_price_shown then type_price end as type_price,
        case when is_type_price_shown then type_children else 0 end as type_children
    from based

)

select * from final
