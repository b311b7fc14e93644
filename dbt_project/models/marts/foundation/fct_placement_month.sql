with

placements as (

    select * from {{ ref('fct_placement') }}

),

night_spans as (

    select * from {{ ref('int_placement_night') }}

),

prices as (

    select * from {{ ref('placement_price') }}

),

price_spans as (

    select * from {{ ref('int_price_span') }}

),

uplifts as (

    select max(uplift_a_year) as uplift_a_year from {{ ref('int_price_index') }}

),

covered_months as (

    select * from {{ ref('int_night_coverage') }}

),

months as (

    select
        *,
        cast(
            date_trunc(
                'month', {{ month_ends_between('from_date', day_before('to_date')) }}
            ) as date
        ) as month_start_date
    from night_spans

),

-- Grain: a placement, span of its nights and calendar month.
month_nights as (

    select
        placement_id,
        month_start_date,
        greatest(from_date, month_start_date) as from_date,
        least(to_date, cast(month_start_date + interval '1 month' as date)) as to_date
    from months

),

-- Grain: as before, and price: a price may change within the month.
pieces as (

    select
        month_nights.placement_id,
        month_nights.month_start_date,
        price_spans.from_date as price_from_date,
        price_spans.agreed_weekly_cost,
        price_spans.actual_weekly_cost,
        {{ days_between(
            'greatest(month_nights.from_date, price_spans.from_date)',
            'least(month_nights.to_date, price_spans.to_date)'
        ) }} as nights
    from month_nights
    inner join prices on month_nights.placement_id = prices.placement_id
    inner join price_spans
        on prices.home_id = price_spans.home_id
        and prices.price_basis in ('agreed', 'same carer')
        and month_nights.to_date > price_spans.from_date
        and month_nights.from_date < price_spans.to_date

),

-- Grain: a placement, month and price.
priced_months as (

    select
        placement_id,
        month_start_date,
        price_from_date,
        agreed_weekly_cost,
        actual_weekly_cost,
        sum(nights) as nights
    from pieces
    group by
        placement_id, month_start_date, price_from_date, agreed_weekly_cost, actual_weekly_cost

),

running as (

    select
        *,
        sum(nights) over (
            partition by placement_id, price_from_date
            order by month_start_date
            rows between unbounded preceding and current row
        ) as nights_so_far
    from priced_months

),

-- Pennies are rounded once, over all the nights at a price so far: a month costs what the total
-- grew by, so the months of a price add up to its nights x price / 7, rounded.
costed as (

    select
        *,
        {{ pounds_for_nights('nights_so_far', 'agreed_weekly_cost') }}
        - {{ pounds_for_nights('(nights_so_far - nights)', 'agreed_weekly_cost') }} as agreed_gbp,
        {{ pounds_for_nights('nights_so_far', 'actual_weekly_cost') }}
        - {{ pounds_for_nights('(nights_so_far - nights)', 'actual_weekly_cost') }} as actual_gbp
    from running

),

-- Grain: a placement and month with a price.
month_costs as (

    select
        placement_id,
        month_start_date,
        sum(nights) as nights_with_price,
        cast(sum(agreed_gbp) as decimal(14, 2)) as known_gbp,
        sum(case when actual_weekly_cost is not null then nights else 0 end)
            as nights_with_actual_price,
        cast(sum(actual_gbp) as decimal(14, 2)) as actual_gbp
    from costed
    group by placement_id, month_start_date

),

-- Grain: a placement and calendar month.
counted as (

    select
        placement_id,
        month_start_date,
        sum({{ days_between('from_date', 'to_date') }}) as nights
    from month_nights
    group by placement_id, month_start_date

),

joined as (

    select
        counted.placement_id,
        placements.la_code,
        placements.child_id,
        counted.month_start_date,
        prices.placement_type,
        prices.provider_sector,
        prices.provider_urn,
        placements.is_short_break,
        prices.is_absence,
        covered_months.la_code is not null as is_covered,
        counted.nights,
        case
            when prices.price_basis = 'nothing is paid' then counted.nights
            else coalesce(month_costs.nights_with_price, 0)
        end as nights_with_price,
        coalesce(month_costs.known_gbp, 0) as known_gbp,
        case
            when prices.price_basis = 'estimated' then {{ pounds_for_nights(
                'counted.nights',
                'prices.estimated_gbp_per_week * exp(uplifts.uplift_a_year * greatest('
                ~ years_of('counted.month_start_date')
                ~ ' - prices.years_at_start, 0))'
            ) }}
            else 0
        end as estimated_gbp,
        case
            when prices.price_basis = 'nothing is paid' then counted.nights
            else coalesce(month_costs.nights_with_actual_price, 0)
        end as nights_with_actual_price,
        case
            when prices.price_basis = 'nothing is paid' then 0
            else month_costs.actual_gbp
        end as actual_gbp
    from counted
    cross join uplifts
    inner join placements on counted.placement_id = placements.id
    inner join prices on counted.placement_id = prices.placement_id
    left join covered_months
        on placements.la_code = covered_months.la_code
        and counted.month_start_date = covered_months.month_start_date
    left join month_costs
        on counted.placement_id = month_costs.placement_id
        and counted.month_start_date = month_costs.month_start_date

),

final as (

    select
        {{ keyed_id(["'placement month'", 'placement_id', 'month_start_date']) }} as id,
        placement_id,
        la_code,
        child_id,
        month_start_date,
        {{ quarter_of('month_start_date') }} as quarter,
        {{ financial_year_of(quarter_of('month_start_date')) }} as financial_year,
        placement_type,
        provider_sector,
        provider_urn,
        is_short_break,
        is_absence,
        is_covered,
        cast(nights as integer) as nights,
        cast(nights_with_price as integer) as nights_with_price,
        cast(known_gbp as decimal(14, 2)) as known_gbp,
        cast(estimated_gbp as decimal(14, 2)) as estimated_gbp,
        cast(known_gbp + estimated_gbp as decimal(14, 2)) as total_gbp,
        cast(nights_with_actual_price as integer) as nights_with_actual_price,
        cast(actual_gbp as decimal(14, 2)) as actual_gbp
    from joined

)

select * from final
