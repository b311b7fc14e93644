{{ config(schema='staging', materialized='table') }}

with

submissions as (

    select * from {{ ref('submission') }} where status = 'accepted' and table_name = 'episodes'

),

settings as (

    select max(as_of_date) as as_of_date from {{ ref('stg_hub__forecast_setting') }}

),

-- As in `coverage`: a file speaks for its year up to the day on which it came.
years as (

    select
        la_code,
        period_start_date,
        max(
            least(period_end_date, coalesce(cast(received_at as date), period_end_date))
        ) as known_until
    from submissions
    group by la_code, period_start_date

),

months as (

    select
        la_code,
        known_until,
        {{ month_ends_between('period_start_date', 'known_until') }} as month_end
    from years

),

-- Grain: an authority and month.
final as (

    select
        months.la_code,
        {{ month_number('months.month_end') }} as month_number,
        months.month_end
    from months
    cross join settings
    where
        months.month_end <= months.known_until
        and months.month_end <= coalesce(settings.as_of_date, months.month_end)

)

select * from final
