{{ config(schema='staging', materialized='table') }}

with

accepted as (

    select
        la_code,
        dataset,
        period_start_date,
        least(
            period_end_date, coalesce(cast(received_at as date), period_end_date)
        ) as known_until
    from {{ ref('submission') }}
    where
        status = 'accepted'
        and (dataset = 'placements' or table_name = 'episodes')

),

-- Nights are the statutory return's to tell; where there is none, the placement returns'.
datasets as (

    select
        la_code,
        max(case when dataset = 'ssda903' then 1 else 0 end) = 1 as has_ssda903
    from accepted
    group by la_code

),

months as (

    select
        accepted.la_code,
        max(accepted.known_until) as known_until,
        {{ month_ends_between('accepted.period_start_date', 'max(accepted.known_until)') }}
            as month_end
    from accepted
    inner join datasets on accepted.la_code = datasets.la_code
    where (accepted.dataset = 'ssda903') = datasets.has_ssda903
    group by accepted.la_code, accepted.period_start_date

),

-- Grain: an authority and calendar month of which all days are covered.
final as (

    select distinct
        la_code,
        cast(date_trunc('month', month_end) as date) as month_start_date
    from months
    where month_end <= known_until

)

select * from final
