{{ config(schema='staging', materialized='table') }}

with

spans as (

    select * from {{ ref('int_care_span') }} where birth_month is not null

),

covered_months as (

    select
        *,
        lag(month_number) over (partition by la_code order by month_number) = month_number - 1
            as is_previous_covered,
        lead(month_number) over (partition by la_code order by month_number) = month_number + 1
            as is_next_covered
    from {{ ref('int_covered_month') }}

),

age_bands as (

    select * from {{ ref('forecast_age_band') }}

),

-- Grain: an age in months, from birth to the 18th birthday.
ages as (

    select
        age_band,
        unnest(generate_series(first_month, end_month - 1)) as age_months
    from age_bands

),

last_months as (

    select
        la_code,
        max(month_number) as last_month
    from covered_months
    group by la_code

),

-- Grain: a span that lasts over the end of a month: from that of the month in which it begins to
-- that before the month in which it ends.
lasting as (

    select
        spans.*,
        {{ month_number('spans.from_date') }} as span_first_month,
        coalesce({{ month_number('spans.to_date') }} - 1, last_months.last_month)
            as span_last_month
    from spans
    inner join last_months on spans.la_code = last_months.la_code
    where
        {{ month_number('spans.from_date') }}
        <= coalesce({{ month_number('spans.to_date') }} - 1, last_months.last_month)

),

-- At the ends of a span its neighbours tell whether care goes on, and where.
with_neighbours as (

    select
        *,
        coalesce(
            lag(span_last_month) over same_care = span_first_month - 1, false
        ) as is_in_care_before,
        case
            when lead(span_first_month) over same_care = span_last_month + 1
                then lead(placement_type) over same_care
        end as placement_type_after
    from lasting
    window same_care as (partition by care_id order by span_first_month)

),

-- Grain: a span and a month at whose end it goes on.
span_months as (

    select
        *,
        unnest(generate_series(span_first_month, span_last_month)) as month_number
    from with_neighbours

),

-- Grain: a child in care at the end of a covered month.
aged as (

    select
        span_months.la_code,
        span_months.child_id,
        covered_months.month_end,
        covered_months.month_number,
        covered_months.is_previous_covered,
        covered_months.is_next_covered,
        -- Exact at a month's end. A child that its return has born later is taken for new-born.
        greatest(datediff('month', span_months.birth_month, covered_months.month_end), 0)
            as age_months,
        span_months.placement_type,
        span_months.forecast_type,
        span_months.is_type_unmapped,
        span_months.provider_sector,
        span_months.is_in_care_before or span_months.month_number > span_months.span_first_month
            as is_in_care_before,
        case
            when span_months.month_number < span_months.span_last_month
                then span_months.placement_type
            else span_months.placement_type_after
        end as next_placement_type,
        covered_months.month_number - {{ month_number('span_months.care_start_date') }}
            as months_in_care,
        care_start_months.month_number is not null as is_care_start_covered
    from span_months
    inner join covered_months
        on span_months.la_code = covered_months.la_code
        and span_months.month_number = covered_months.month_number
    left join covered_months as care_start_months
        on span_months.la_code = care_start_months.la_code
        and {{ month_number('span_months.care_start_date') }} = care_start_months.month_number

),

-- Here whoever is 18 falls out: no band has that age.
banded as (

    select
        aged.*,
        ages.age_band
    from aged
    inner join ages on aged.age_months = ages.age_months

),

final as (

    select
        la_code,
        child_id,
        month_end,
        month_number,
        cast(age_months as integer) as age_months,
        cast(floor(age_months / 12) as integer) as age_years,
        age_band,
        placement_type,
        forecast_type,
        is_type_unmapped,
        provider_sector,
        cast(months_in_care as integer) as months_in_care,
        case
            when months_in_care < 3 then 0
            when months_in_care < 6 then 1
            when months_in_care < 12 then 2
            when months_in_care < 24 then 3
            when months_in_care < 48 then 4
            else 5
        end as duration_band,
        is_care_start_covered or months_in_care >= {{ var('forecast_long_in_care_months') }}
            as is_duration_known,
        case
            when is_previous_covered then not is_in_care_before
        end as is_entry,
        case
            when not coalesce(is_next_covered, false) then null
            when age_months + 1 >= 18 * 12 then 'turned 18'
            else coalesce(next_placement_type, 'left')
        end as next_type
    from banded

)

select * from final
