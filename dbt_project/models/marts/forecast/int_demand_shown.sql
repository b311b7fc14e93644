{{ config(schema='staging', materialized='table') }}

with

care_months as (

    select * from {{ ref('int_care_month') }}

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

areas as (

    select * from {{ ref('int_forecast_area') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

age_bands as (

    select * from {{ ref('forecast_age_band') }}

),

types as (

    select distinct forecast_type from {{ ref('forecast_type') }}

),

stocks as (

    select
        la_code,
        month_number,
        age_band,
        forecast_type,
        count(*) as children
    from care_months
    group by la_code, month_number, age_band, forecast_type

),

-- Grain: an authority, covered month, age band and type; nobody in care is 0.
cells as (

    select
        covered_months.la_code,
        covered_months.month_number,
        covered_months.month_end,
        age_bands.age_band,
        types.forecast_type,
        coalesce(stocks.children, 0) as children
    from covered_months
    cross join age_bands
    cross join types
    left join stocks
        on covered_months.la_code = stocks.la_code
        and covered_months.month_number = stocks.month_number
        and age_bands.age_band = stocks.age_band
        and types.forecast_type = stocks.forecast_type

),

by_authority as (

    select
        la_code,
        month_number,
        month_end,
        coalesce(age_band, 'all') as age_band,
        coalesce(forecast_type, 'all') as forecast_type,
        sum(children) as children
    from cells
    group by grouping sets (
        (la_code, month_number, month_end, age_band, forecast_type),
        (la_code, month_number, month_end, age_band),
        (la_code, month_number, month_end, forecast_type),
        (la_code, month_number, month_end)
    )

),

region as (

    select
        count(case when areas.is_in_region_sum then 1 end) as authorities,
        max(case when authorities.is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from areas
    inner join authorities on areas.la_code = authorities.la_code

),

-- The region is always the same authorities, or its line would jump where one joins: months of
-- which one of them is not covered have no row.
by_region as (

    select
        by_authority.month_number,
        by_authority.month_end,
        by_authority.age_band,
        by_authority.forecast_type,
        region.authorities,
        region.is_synthetic,
        sum(by_authority.children) as children
    from by_authority
    inner join areas on by_authority.la_code = areas.la_code and areas.is_in_region_sum
    cross join region
    group by
        by_authority.month_number,
        by_authority.month_end,
        by_authority.age_band,
        by_authority.forecast_type,
        region.authorities,
        region.is_synthetic
    having count(*) = region.authorities

),

counted as (

    select
        by_authority.la_code,
        authorities.la_name as area_name,
        areas.is_in_region_sum,
        1 as authorities,
        authorities.is_synthetic,
        by_authority.age_band,
        by_authority.forecast_type,
        by_authority.month_number,
        by_authority.month_end,
        cast(by_authority.children as bigint) as children,
        cast(by_authority.children as bigint) as exact_children
    from by_authority
    inner join areas on by_authority.la_code = areas.la_code
    inner join authorities on by_authority.la_code = authorities.la_code
    union all
    select
        null as la_code,
        'Region' as area_name,
        false as is_in_region_sum,
        authorities,
        is_synthetic,
        age_band,
        forecast_type,
        month_number,
        month_end,
        cast(children as bigint) as children,
        cast(children as bigint) as exact_children
    from by_region

),

guarded as (

    {{ suppressed(
        'counted',
        ['children'],
        keep=[
            'la_code', 'area_name', 'is_in_region_sum', 'authorities', 'is_synthetic', 'age_band',
            'forecast_type', 'month_number', 'month_end', 'exact_children',
        ],
        totals=[
            {
                'when': 'la_code is null',
                'below': 'is_in_region_sum',
                'within': ['age_band', 'forecast_type', 'month_number'],
            },
            {
                'when': "age_band = 'all'",
                'within': ['la_code', 'forecast_type', 'month_number'],
            },
            {
                'when': "forecast_type = 'all'",
                'within': ['la_code', 'age_band', 'month_number'],
            },
        ],
    ) }}

),

-- Grain: an area, month, age band or all, and type or all.
final as (

    select
        la_code,
        area_name,
        authorities,
        is_synthetic,
        age_band,
        forecast_type,
        month_number,
        month_end,
        children,
        withheld,
        exact_children
    from guarded

)

select * from final
