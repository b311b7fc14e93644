{{ config(schema='staging', materialized='table') }}

with

spans as (

    select * from {{ ref('int_price_span') }} where agreed_weekly_cost > 0

),

homes as (

    select * from {{ ref('int_placement_home') }}

),

placements as (

    select * from {{ ref('placement') }} where not is_short_break

),

-- Grain: a stay with one carer whose price is known: the first price.
starts as (

    select
        spans.home_id,
        homes.la_code,
        homes.child_id,
        homes.placement_type,
        homes.provider_sector,
        homes.provider_urn,
        homes.age_band,
        homes.log_days,
        {{ years_of('spans.valid_from') }} as years,
        ln(cast(spans.agreed_weekly_cost as double)) as log_price,
        row_number() over (
            partition by spans.home_id order by spans.valid_from
        ) as price_order
    from spans
    inner join homes on spans.priced_placement_id = homes.placement_id
    inner join placements on spans.priced_placement_id = placements.id

),

with_median as (

    select
        *,
        median(log_price) over (partition by placement_type) as median_log_price
    from starts
    where price_order = 1

),

-- A price five times as high or low as is usual for the type is told as it is, but no measure.
final as (

    select * exclude (price_order, median_log_price)
    from with_median
    where abs(log_price - median_log_price) <= ln(5)

)

select * from final
