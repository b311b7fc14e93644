-- Comparisons whose drivers do not add up to the change, or whose spend is not of its quarters.
with

drivers as (

    select * from {{ ref('int_cost_drivers') }}

),

quarters as (

    select * from {{ ref('int_spend') }} where period_type = 'quarter' and breakdown = 'total'

),

-- Grain: a comparison and authority.
expected as (

    select
        drivers.comparison_id,
        drivers.area_code,
        sum(case when quarters.period <= drivers.before_to then quarters.total_gbp end)
            as spend_before_gbp,
        sum(case when quarters.period > drivers.before_to then quarters.total_gbp end)
            as spend_after_gbp
    from drivers
    inner join quarters
        on drivers.area_code = quarters.area_code
        and quarters.period between drivers.before_from and drivers.after_to
    where drivers.la_code is not null and drivers.placement_type = 'all'
    group by drivers.comparison_id, drivers.area_code

)

select
    'exact' as figures,
    drivers.comparison_id,
    drivers.area_code,
    drivers.placement_type,
    drivers.change_gbp
from drivers
left join expected
    on drivers.comparison_id = expected.comparison_id
    and drivers.area_code = expected.area_code
    and drivers.placement_type = 'all'
where
    drivers.change_gbp
    <> drivers.volume_gbp + drivers.mix_gbp + drivers.price_gbp + drivers.length_of_stay_gbp
    or drivers.change_gbp <> drivers.spend_after_gbp - drivers.spend_before_gbp
    or (
        drivers.la_code is not null
        and drivers.placement_type = 'all'
        and (
            drivers.spend_before_gbp <> coalesce(expected.spend_before_gbp, 0)
            or drivers.spend_after_gbp <> coalesce(expected.spend_after_gbp, 0)
        )
    )
union all
select
    'published' as figures,
    comparison || ' to ' || after_to as comparison_id,
    coalesce(la_code, 'region') as area_code,
    placement_type,
    change_gbp
from {{ ref('cost_drivers') }}
where
    change_gbp <> volume_gbp + mix_gbp + price_gbp + length_of_stay_gbp
    or change_gbp <> spend_after_gbp - spend_before_gbp
