-- Areas, periods and breakdowns of which nights or spend are not those of the placements' weeks.
with

weeks as (

    select * from {{ ref('fct_placement_week') }} where is_covered

),

week_periods as (

    select
        *,
        'quarter' as period_type,
        quarter as period
    from weeks
    union all
    select
        *,
        'financial year' as period_type,
        {{ financial_year_of('quarter') }} as period
    from weeks

),

expected as (

    select
        coalesce(la_code, 'region') as area_code,
        period_type,
        period,
        sum(nights) as nights,
        sum(nights_with_price) as nights_with_price,
        coalesce(sum(cost_gbp), 0) as agreed_spend_gbp
    from week_periods
    group by grouping sets ((la_code, period_type, period), (period_type, period))

),

found as (

    select
        area_code,
        period_type,
        period,
        breakdown,
        sum(nights) as nights,
        sum(nights_with_price) as nights_with_price,
        sum(agreed_spend_gbp) as agreed_spend_gbp
    from {{ ref('int_spend') }}
    group by area_code, period_type, period, breakdown

),

breakdowns as (

    select distinct breakdown from found

)

select
    expected.area_code,
    expected.period_type,
    expected.period,
    breakdowns.breakdown,
    expected.nights as nights_expected,
    found.nights as nights_found,
    expected.nights_with_price as nights_with_price_expected,
    found.nights_with_price as nights_with_price_found,
    expected.agreed_spend_gbp as agreed_spend_expected_gbp,
    found.agreed_spend_gbp as agreed_spend_found_gbp
from expected
cross join breakdowns
full outer join found
    on expected.area_code = found.area_code
    and expected.period_type = found.period_type
    and expected.period = found.period
    and breakdowns.breakdown = found.breakdown
where
    expected.nights is distinct from found.nights
    or expected.nights_with_price is distinct from found.nights_with_price
    or expected.agreed_spend_gbp is distinct from found.agreed_spend_gbp
