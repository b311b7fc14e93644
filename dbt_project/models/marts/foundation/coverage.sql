with

submissions as (

    select * from {{ ref('submission') }}

),

-- A file speaks for the days up to the end of its period, or up to the day on which it came, for
-- an SSDA903 return may be sent on any day of its year.
accepted as (

    select
        la_code,
        dataset,
        period,
        period_start_date,
        least(
            period_end_date, coalesce(cast(received_at as date), period_end_date)
        ) as known_until
    from submissions
    where
        status = 'accepted'
        and (dataset = 'placements' or table_name = 'episodes')

),

-- Grain: an authority and dataset.
final as (

    select
        la_code,
        dataset,
        min(period_start_date) as first_date,
        max(known_until) as last_date,
        count(distinct period) as periods,
        case
            when dataset = 'placements'
                then datediff('quarter', min(period_start_date), max(period_start_date)) + 1
            else datediff('year', min(period_start_date), max(period_start_date)) + 1
        end - count(distinct period) as missing_periods
    from accepted
    group by la_code, dataset

)

select * from final
