{{ config(schema='staging', materialized='view') }}

with

spend as (

    select * from {{ ref('int_spend_child') }}

),

-- Grain: as before, once for each area and period that a child's spend counts in.
of_periods as (

    select
        *,
        'quarter' as period_type,
        quarter as period
    from spend
    union all
    select
        *,
        'financial year' as period_type,
        financial_year as period
    from spend

),

of_areas as (

    select
        *,
        la_code as area_code
    from of_periods
    union all
    select
        *,
        'region' as area_code
    from of_periods

),

-- Grain: an area, period, row of a breakdown, and child.
final as (

    select
        area_code,
        period_type,
        period,
        financial_year,
        case
            when grouping(needs_profile) = 0 then 'needs profile'
            when grouping(provider_urn) = 0 then 'provider'
            when grouping(provider_sector) = 0 then 'type and sector'
            when grouping(placement_type) = 0 then 'placement type'
            else 'total'
        end as breakdown,
        coalesce(placement_type, 'all') as placement_type,
        coalesce(provider_sector, 'all') as provider_sector,
        coalesce(provider_urn, 'all') as provider_urn,
        coalesce(needs_profile, 'all') as needs_profile,
        la_code,
        child_id,
        min(quarter) as first_quarter,
        max(quarter) as last_quarter,
        sum(nights) as nights,
        sum(nights_with_price) as nights_with_price,
        sum(agreed_spend_gbp) as agreed_spend_gbp,
        sum(nights_with_both_prices) as nights_with_both_prices,
        sum(agreed_where_both_gbp) as agreed_where_both_gbp,
        sum(actual_where_both_gbp) as actual_where_both_gbp
    from of_areas
    group by grouping sets (
        (area_code, period_type, period, financial_year, la_code, child_id),
        (area_code, period_type, period, financial_year, la_code, child_id, placement_type),
        (
            area_code, period_type, period, financial_year, la_code, child_id, placement_type,
            provider_sector
        ),
        (
            area_code, period_type, period, financial_year, la_code, child_id, placement_type,
            provider_sector, provider_urn
        ),
        (area_code, period_type, period, financial_year, la_code, child_id, needs_profile)
    )

)

select * from final
