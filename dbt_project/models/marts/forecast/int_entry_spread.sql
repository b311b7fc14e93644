{{ config(schema='staging', materialized='table') }}

with

entry_days as (

    select * from {{ ref('int_entry_day') }}

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

),

-- Grain: an origin and authority: all its covered days, with or without an entry.
days as (

    select
        origins.month_number as origin_month,
        covered_months.la_code,
        sum(extract(day from covered_months.month_end)) as days
    from origins
    inner join covered_months on origins.month_number >= covered_months.month_number
    group by origins.month_number, covered_months.la_code

),

entries as (

    select
        origins.month_number as origin_month,
        entry_days.la_code,
        sum(entry_days.children) as children,
        sum(entry_days.children * entry_days.children) as squares
    from origins
    inner join entry_days
        on origins.month_number >= {{ month_number('entry_days.start_date') }}
    group by origins.month_number, entry_days.la_code

),

-- Grain: an origin.
spread as (

    select
        days.origin_month,
        sum(entries.squares - power(entries.children, 2) / days.days) as variation,
        sum(entries.children) as children
    from days
    left join entries
        on days.origin_month = entries.origin_month
        and days.la_code = entries.la_code
    group by days.origin_month

),

final as (

    select
        origin_month,
        least(greatest(coalesce(variation / nullif(children, 0), 1), 1), 5) as variance_to_mean
    from spread

)

select * from final
