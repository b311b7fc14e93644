{{ config(schema='staging', materialized='table') }}

with

finances as (

    select * from {{ ref('finance') }} where agreed_weekly_cost is not null

),

homes as (

    select * from {{ ref('int_placement_home') }}

),

-- Two placements with one carer may have prices from the same day: the one reported there last.
ordered as (

    select
        homes.home_id,
        finances.placement_id,
        finances.valid_from,
        finances.agreed_weekly_cost,
        finances.actual_weekly_cost,
        row_number() over (
            partition by homes.home_id, finances.valid_from
            order by finances.placement_id desc
        ) as price_order
    from finances
    inner join homes on finances.placement_id = homes.placement_id

),

-- Grain: a stay with one carer and a span of days at one price. The first price that is known holds
-- from the first day of the stay, the last one to its end.
final as (

    select
        home_id,
        placement_id as priced_placement_id,
        valid_from,
        case
            when lag(valid_from) over (partition by home_id order by valid_from) is null
                then date '0001-01-01'
            else valid_from
        end as from_date,
        coalesce(
            lead(valid_from) over (partition by home_id order by valid_from), date '9999-12-31'
        ) as to_date,
        agreed_weekly_cost,
        actual_weekly_cost
    from ordered
    where price_order = 1

)

select * from final
