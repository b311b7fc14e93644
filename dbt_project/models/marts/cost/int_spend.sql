{{ config(schema='staging') }}

with

spend as (

    select * from {{ ref('int_spend_row_child') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: an area, period and row of a breakdown.
final as (

    select
        spend.area_code,
        case when spend.area_code <> 'region' then spend.area_code end as la_code,
        spend.period_type,
        spend.period,
        spend.financial_year,
        spend.breakdown,
        spend.placement_type,
        spend.provider_sector,
        spend.provider_urn,
        spend.needs_profile,
        min(spend.first_quarter) as first_quarter,
        max(spend.last_quarter) as last_quarter,
        bool_or(authorities.is_synthetic) as is_synthetic,
        count(distinct spend.la_code) as authorities,
        count(*) as children,
        cast(sum(spend.nights) as bigint) as nights,
        {{ count_where('spend.nights_with_price > 0') }} as children_with_price,
        cast(sum(spend.nights_with_price) as bigint) as nights_with_price,
        cast(sum(spend.agreed_spend_gbp) as decimal(16, 2)) as agreed_spend_gbp,
        {{ count_where('spend.nights_with_both_prices > 0') }} as children_with_both_prices,
        {{ count_where('spend.nights_with_price > spend.nights_with_both_prices') }}
            as children_with_agreed_only,
        cast(sum(spend.nights_with_both_prices) as bigint) as nights_with_both_prices,
        cast(sum(spend.agreed_where_both_gbp) as decimal(16, 2)) as agreed_where_both_gbp,
        cast(sum(spend.actual_where_both_gbp) as decimal(16, 2)) as actual_where_both_gbp
    from spend
    inner join authorities on spend.la_code = authorities.la_code
    group by
        spend.area_code,
        spend.period_type,
        spend.period,
        spend.financial_year,
        spend.breakdown,
        spend.placement_type,
        spend.provider_sector,
        spend.provider_urn,
        spend.needs_profile

)

select * from final
