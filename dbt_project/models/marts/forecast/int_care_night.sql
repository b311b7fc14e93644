{{ config(schema='staging', materialized='table') }}

with

spans as (

    select * from {{ ref('int_care_span') }} where birth_month is not null

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

finances as (

    select * from {{ ref('finance') }} where agreed_weekly_cost is not null

),

last_months as (

    select
        la_code,
        max(month_number) as last_month
    from covered_months
    group by la_code

),

-- Grain: a span and a month that it has nights in.
span_months as (

    select
        spans.*,
        unnest(
            generate_series(
                {{ month_number('spans.from_date') }},
                coalesce(
                    {{ month_number(day_before('spans.to_date')) }}, last_months.last_month
                )
            )
        ) as month_number
    from spans
    inner join last_months on spans.la_code = last_months.la_code

),

-- The same, of covered months. A child of 18 is left out from the month after the birthday on.
pieces as (

    select
        span_months.la_code,
        span_months.placement_id,
        span_months.month_number,
        span_months.forecast_type,
        span_months.provider_sector,
        greatest(
            span_months.from_date, cast(date_trunc('month', covered_months.month_end) as date)
        ) as from_date,
        least(span_months.to_date, {{ day_after('covered_months.month_end') }}) as to_date
    from span_months
    inner join covered_months
        on span_months.la_code = covered_months.la_code
        and span_months.month_number = covered_months.month_number
    where datediff('month', span_months.birth_month, covered_months.month_end) <= 18 * 12

),

-- A price may change within the month.
priced as (

    select
        pieces.la_code,
        pieces.month_number,
        pieces.forecast_type,
        pieces.provider_sector,
        finances.agreed_weekly_cost,
        {{ days_between(
            'greatest(pieces.from_date, finances.valid_from)',
            'least(pieces.to_date, ' ~ day_after('finances.valid_to') ~ ')'
        ) }} as nights
    from pieces
    inner join finances
        on pieces.placement_id = finances.placement_id
        and pieces.to_date > finances.valid_from
        and pieces.from_date <= coalesce(finances.valid_to, pieces.from_date)

),

-- Grain: as of the model.
counted as (

    select
        la_code,
        month_number,
        forecast_type,
        provider_sector,
        sum({{ days_between('from_date', 'to_date') }}) as nights
    from pieces
    group by la_code, month_number, forecast_type, provider_sector

),

costed as (

    select
        la_code,
        month_number,
        forecast_type,
        provider_sector,
        sum(nights) as nights,
        sum(nights * agreed_weekly_cost) as weekly_cost_nights
    from priced
    group by la_code, month_number, forecast_type, provider_sector

),

final as (

    select
        counted.la_code,
        counted.month_number,
        counted.forecast_type,
        counted.provider_sector,
        cast(counted.nights as bigint) as nights,
        cast(coalesce(costed.nights, 0) as bigint) as nights_with_price,
        coalesce({{ pounds_for_nights('costed.weekly_cost_nights', '1') }}, 0) as cost_gbp
    from counted
    left join costed
        on counted.la_code = costed.la_code
        and counted.month_number = costed.month_number
        and counted.forecast_type = costed.forecast_type
        and counted.provider_sector = costed.provider_sector

)

select * from final
