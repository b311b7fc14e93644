{{ config(schema='staging', materialized='table') }}

with

transitions as (

    select * from {{ ref('int_care_transition') }} where next_type <> 'turned 18'

),

entries as (

    select * from {{ ref('int_care_entry') }}

),

rates as (

    select * from {{ ref('int_forecast_rate') }} where next_type = 'left'

),

origins as (

    select * from {{ ref('int_forecast_origin') }}

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

exits as (

    select
        rates.origin_month,
        transitions.la_code,
        transitions.month_number,
        sum(transitions.children) filter (where transitions.next_type = 'left') as events,
        sum(transitions.children) filter (
            where transitions.next_type = 'left' and transitions.is_duration_known
        ) as comparable_events,
        sum(transitions.children * rates.rate) filter (where transitions.is_duration_known)
            as expected
    from transitions
    inner join origins on transitions.month_number < origins.month_number
    inner join rates
        on origins.month_number = rates.origin_month
        and transitions.age_years = rates.age_years
        and transitions.placement_type = rates.placement_type
        and transitions.duration_band = rates.duration_band
    group by rates.origin_month, transitions.la_code, transitions.month_number

),

entries_by_month as (

    select
        la_code,
        month_number,
        sum(children) as entries
    from entries
    group by la_code, month_number

),

-- Grain: an origin, authority and covered month up to it.
months as (

    select
        origins.month_number as origin_month,
        covered_months.la_code,
        covered_months.month_number,
        covered_months.is_previous_covered,
        covered_months.is_next_covered
        and covered_months.month_number < origins.month_number as is_step_known
    from origins
    inner join covered_months on origins.month_number >= covered_months.month_number

),

-- What cannot be known is null; nobody is 0.
final as (

    select
        months.origin_month,
        months.la_code,
        months.month_number,
        case when months.is_step_known then cast(coalesce(exits.events, 0) as bigint) end
            as events,
        case
            when months.is_step_known
                then cast(coalesce(exits.comparable_events, 0) as bigint)
        end as comparable_events,
        case when months.is_step_known then coalesce(exits.expected, 0) end as expected,
        case
            when months.is_previous_covered
                then cast(coalesce(entries_by_month.entries, 0) as bigint)
        end as entries
    from months
    left join exits
        on months.origin_month = exits.origin_month
        and months.la_code = exits.la_code
        and months.month_number = exits.month_number
    left join entries_by_month
        on months.la_code = entries_by_month.la_code
        and months.month_number = entries_by_month.month_number

)

select * from final
