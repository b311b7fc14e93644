-- Areas, periods and breakdowns of which nights or spend are not those of the placements' months.
with

months as (

    select * from {{ ref('fct_placement_month') }} where is_covered and not is_short_break

),

month_periods as (

    select
        *,
        'quarter' as period_type,
        quarter as period
    from months
    union all
    select
        *,
        'financial year' as period_type,
        financial_year as period
    from months

),

expected as (

    select
        coalesce(la_code, 'region') as area_code,
        period_type,
        period,
        sum(nights) as nights,
        sum(nights_with_price) as nights_with_price,
        sum(known_gbp) as known_gbp,
        sum(total_gbp) as total_gbp
    from month_periods
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
        sum(known_gbp) as known_gbp,
        sum(total_gbp) as total_gbp
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
    expected.known_gbp as known_expected_gbp,
    found.known_gbp as known_found_gbp,
    expected.total_gbp as total_expected_gbp,
    found.total_gbp as total_found_gbp
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
    or expected.known_gbp is distinct from found.known_gbp
    or expected.total_gbp is distinct from found.total_gbp
