with

placements as (

    select * from {{ ref('fct_placement') }} where nights > 0

),

finances as (

    select * from {{ ref('finance') }}

),

coverage as (

    select
        la_code,
        min(first_date) as first_date
    from {{ ref('coverage') }}
    group by la_code

),

weeks as (

    select
        *,
        {{ mondays_between('start_date', day_before('counted_to_date')) }} as week_start_date
    from placements

),

-- Grain: a placement and ISO week.
week_nights as (

    select
        *,
        greatest(start_date, week_start_date) as from_date,
        least(counted_to_date, {{ days_after('week_start_date', 7) }}) as to_date
    from weeks

),

-- Grain: a placement, ISO week and price: a price may change within the week.
pieces as (

    select
        week_nights.id as placement_id,
        week_nights.week_start_date,
        finances.id as finance_id,
        finances.valid_from,
        finances.agreed_weekly_cost,
        finances.actual_weekly_cost,
        {{ days_between(
            'greatest(week_nights.from_date, finances.valid_from)',
            'least(week_nights.to_date, ' ~ day_after('finances.valid_to') ~ ')'
        ) }} as nights
    from week_nights
    inner join finances
        on week_nights.id = finances.placement_id
        and week_nights.to_date > finances.valid_from
        and week_nights.from_date <= coalesce(finances.valid_to, week_nights.from_date)

),

running as (

    select
        *,
        sum(nights) over (
            partition by finance_id
            order by week_start_date
            rows between unbounded preceding and current row
        ) as nights_so_far,
        row_number() over (
            partition by placement_id, week_start_date order by valid_from desc
        ) as price_order
    from pieces

),

-- Pennies are rounded once, over all the nights at a price so far: a week costs what the total grew
-- by, so the weeks of a price add up to its nights x price / 7, rounded.
costed as (

    select
        *,
        {{ pounds_for_nights('nights_so_far', 'agreed_weekly_cost') }}
        - {{ pounds_for_nights('(nights_so_far - nights)', 'agreed_weekly_cost') }} as agreed_gbp,
        {{ pounds_for_nights('nights_so_far', 'actual_weekly_cost') }}
        - {{ pounds_for_nights('(nights_so_far - nights)', 'actual_weekly_cost') }} as actual_gbp
    from running

),

-- Grain: a placement and ISO week with a price.
week_costs as (

    select
        placement_id,
        week_start_date,
        max(case when price_order = 1 then agreed_weekly_cost end) as agreed_weekly_cost,
        max(case when price_order = 1 then actual_weekly_cost end) as actual_weekly_cost,
        cast(sum(agreed_gbp) as decimal(14, 2)) as cost_gbp,
        cast(sum(actual_gbp) as decimal(14, 2)) as actual_cost_gbp,
        sum(case when agreed_weekly_cost is not null then nights else 0 end) as nights_with_price,
        sum(case when actual_weekly_cost is not null then nights else 0 end)
            as nights_with_actual_price
    from costed
    group by placement_id, week_start_date

),

final as (

    select
        {{ keyed_id(["'placement week'", 'week_nights.id', 'week_nights.week_start_date']) }} as id,
        week_nights.id as placement_id,
        week_nights.la_code,
        week_nights.child_id,
        week_nights.week_start_date,
        {{ quarter_of('week_nights.week_start_date') }} as quarter,
        week_nights.placement_type,
        week_nights.provider_sector,
        week_nights.provider_urn,
        week_nights.is_short_break,
        week_nights.from_date >= coverage.first_date as is_covered,
        cast({{ days_between('week_nights.from_date', 'week_nights.to_date') }} as integer)
            as nights,
        cast(coalesce(week_costs.nights_with_price, 0) as integer) as nights_with_price,
        week_costs.agreed_weekly_cost as weekly_price_gbp,
        week_costs.cost_gbp,
        cast(coalesce(week_costs.nights_with_actual_price, 0) as integer)
            as nights_with_actual_price,
        week_costs.actual_weekly_cost as actual_weekly_price_gbp,
        week_costs.actual_cost_gbp
    from week_nights
    inner join coverage on week_nights.la_code = coverage.la_code
    left join week_costs
        on week_nights.id = week_costs.placement_id
        and week_nights.week_start_date = week_costs.week_start_date

)

select * from final
