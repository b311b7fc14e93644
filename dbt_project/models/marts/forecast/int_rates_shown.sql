{{ config(schema='staging', materialized='table') }}

with

steps as (

    select * from {{ ref('int_care_transition') }} where next_type <> 'turned 18'

),

entries as (

    select * from {{ ref('int_care_entry') }}

),

rates as (

    select * from {{ ref('int_forecast_rate_la') }}

),

origins as (

    select * from {{ ref('int_forecast_origin') }} where is_latest

),

types as (

    select * from {{ ref('forecast_type') }}

),

age_bands as (

    select * from {{ ref('forecast_age_band') }}

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

areas as (

    select * from {{ ref('int_forecast_area') }} where is_in_region_sum

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: a type as it is shown, and what may happen to a child in it within a month.
possible as (

    select distinct
        forecast_type,
        'leaves' as event,
        cast(null as varchar) as to_type
    from types
    union all
    select distinct
        types.forecast_type,
        'moves to ' || others.forecast_type as event,
        others.forecast_type as to_type
    from types
    inner join types as others on types.forecast_type <> others.forecast_type

),

-- Grain: an authority, age band, type and next type as shown (null: left).
stepped as (

    select
        steps.la_code,
        steps.age_band,
        types.forecast_type,
        next_types.forecast_type as to_type,
        sum(steps.children) as children
    from steps
    inner join types on steps.placement_type = types.placement_type
    left join types as next_types on steps.next_type = next_types.placement_type
    group by steps.la_code, steps.age_band, types.forecast_type, next_types.forecast_type

),

at_risk as (

    select
        la_code,
        age_band,
        forecast_type,
        sum(children) as children_months
    from stepped
    group by la_code, age_band, forecast_type

),

-- Grain: as `stepped`; the rates of the states that a type has, weighed by who is in them.
used as (

    select
        rates.la_code,
        rates.age_band,
        types.forecast_type,
        next_types.forecast_type as to_type,
        sum(rates.children_months * rates.rate_used) as events_used
    from rates
    inner join origins on rates.origin_month = origins.month_number
    inner join types on rates.placement_type = types.placement_type
    left join types as next_types on rates.next_type = next_types.placement_type
    group by rates.la_code, rates.age_band, types.forecast_type, next_types.forecast_type

),

-- Grain: an authority, age band and type; child-months as the rates weigh them.
used_months as (

    select
        rates.la_code,
        rates.age_band,
        types.forecast_type,
        sum(rates.children_months) as children_months
    from rates
    inner join origins on rates.origin_month = origins.month_number
    inner join types on rates.placement_type = types.placement_type
    where rates.next_type = 'left'
    group by rates.la_code, rates.age_band, types.forecast_type

),

by_step as (

    select
        areas.la_code,
        age_bands.age_band,
        possible.forecast_type,
        possible.event,
        coalesce(at_risk.children_months, 0) as children_months,
        coalesce(stepped.children, 0) as events,
        coalesce(used.events_used, 0) as weighted_used,
        coalesce(used_months.children_months, 0) as weight
    from areas
    cross join age_bands
    cross join possible
    left join at_risk
        on areas.la_code = at_risk.la_code
        and age_bands.age_band = at_risk.age_band
        and possible.forecast_type = at_risk.forecast_type
    left join stepped
        on areas.la_code = stepped.la_code
        and age_bands.age_band = stepped.age_band
        and possible.forecast_type = stepped.forecast_type
        and possible.to_type is not distinct from stepped.to_type
    left join used
        on areas.la_code = used.la_code
        and age_bands.age_band = used.age_band
        and possible.forecast_type = used.forecast_type
        and possible.to_type is not distinct from used.to_type
    left join used_months
        on areas.la_code = used_months.la_code
        and age_bands.age_band = used_months.age_band
        and possible.forecast_type = used_months.forecast_type

),

entered as (

    select
        entries.la_code,
        entries.age_band,
        types.forecast_type,
        sum(entries.children) as events
    from entries
    inner join types on entries.placement_type = types.placement_type
    group by entries.la_code, entries.age_band, types.forecast_type

),

-- Months before which another one is covered: of the first nobody knows who came.
months as (

    select
        la_code,
        count(*) - 1 as months
    from covered_months
    group by la_code

),

type_names as (

    select distinct forecast_type from types

),

-- Who enters has no rate drawn towards the region's: numbers of children are an authority's own.
by_entry as (

    select
        areas.la_code,
        age_bands.age_band,
        type_names.forecast_type,
        'enters' as event,
        months.months as children_months,
        coalesce(entered.events, 0) as events,
        coalesce(entered.events, 0) as weighted_used,
        months.months as weight
    from areas
    cross join age_bands
    cross join type_names
    inner join months on areas.la_code = months.la_code
    left join entered
        on areas.la_code = entered.la_code
        and age_bands.age_band = entered.age_band
        and type_names.forecast_type = entered.forecast_type

),

by_authority as (

    select * from by_step
    union all
    select * from by_entry

),

counted as (

    select
        by_authority.la_code,
        max(authorities.la_name) as area_name,
        count(distinct by_authority.la_code) as authorities,
        max(case when authorities.is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        by_authority.age_band,
        by_authority.forecast_type,
        by_authority.event,
        cast(max(case when by_authority.event = 'enters' then by_authority.weight end) as bigint)
            as months,
        cast(
            sum(
                case when by_authority.event = 'enters' then 0 else by_authority.children_months end
            ) as bigint
        ) as children_months,
        cast(sum(by_authority.events) as bigint) as events,
        sum(by_authority.weighted_used)
        / nullif(
            case
                when by_authority.event = 'enters' then max(by_authority.weight)
                else sum(by_authority.weight)
            end,
            0
        ) as rate_used
    from by_authority
    inner join authorities on by_authority.la_code = authorities.la_code
    group by
        grouping sets (
            (
                by_authority.la_code,
                by_authority.age_band,
                by_authority.forecast_type,
                by_authority.event
            ),
            (by_authority.age_band, by_authority.forecast_type, by_authority.event)
        )

),

suppressed as (

    {{ suppressed(
        'counted',
        ['children_months', 'events'],
        keep=[
            'la_code', 'area_name', 'authorities', 'is_synthetic', 'age_band', 'forecast_type',
            'event', 'rate_used', 'months',
        ],
        totals=[{
            'when': 'la_code is null', 'within': ['age_band', 'forecast_type', 'event'],
        }],
    ) }}

),

-- What entering is counted by is months, not children.
with_months as (

    select
        * exclude (children_months),
        coalesce(months, children_months) as children_months
    from suppressed

),

with_region as (

    select
        *,
        max(case when la_code is null then events end)
            over (partition by age_band, forecast_type, event) as region_events,
        max(case when la_code is null then children_months end)
            over (partition by age_band, forecast_type, event) as region_children_months
    from with_months

),

final as (

    select
        la_code,
        case when la_code is null then 'Region' else area_name end as area_name,
        authorities,
        is_synthetic,
        age_band,
        forecast_type as placement_type,
        event,
        children_months,
        events,
        events / nullif(cast(children_months as double), 0) as rate_per_month_seen,
        region_events / nullif(cast(region_children_months as double), 0)
            as regional_rate_per_month,
        -- With all its digits a rate would tell the counts that it is made of.
        case
            when events is null or children_months is null then null
            when event = 'enters' then events / nullif(cast(children_months as double), 0)
            else round(rate_used, 4)
        end as rate_used_per_month,
        withheld
    from with_region

)

select * from final
