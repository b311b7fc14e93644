-- Age bands of the forecast that do not begin where the one before ends, or, of all, not at birth
-- and not at the 18th birthday: children would be in none of them, or in two.
with

bands as (

    select
        age_band,
        first_month,
        end_month,
        lag(end_month) over (order by band_order) as end_before,
        lead(first_month) over (order by band_order) as first_after
    from {{ ref('forecast_age_band') }}

)

select *
from bands
where
    first_month <> coalesce(end_before, 0)
    or end_month <> coalesce(first_after, 18 * 12)
    or first_month >= end_month
