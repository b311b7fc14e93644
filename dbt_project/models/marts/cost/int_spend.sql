{{ config(schema='staging') }}

{% set row_key = [
    'area_code', 'period_type', 'period', 'breakdown', 'placement_type', 'provider_sector',
    'provider_urn', 'needs_profile',
] %}

with

spend as (

    select * from {{ ref('int_spend_row_child') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

errors as (

    select * from {{ ref('int_spend_error') }}

),

-- Grain: an area, period and row of a breakdown.
summed as (

    select
        {{ prefixed('spend', row_key) }},
        {{ keyed_id(prefixed('spend', row_key).split(', ')) }} as row_id,
        case when spend.area_code <> 'region' then spend.area_code end as la_code,
        spend.financial_year,
        min(spend.first_quarter) as first_quarter,
        max(spend.last_quarter) as last_quarter,
        bool_or(authorities.is_synthetic) as is_synthetic,
        count(distinct spend.la_code) as authorities,
        count(*) as children,
        cast(sum(spend.nights) as bigint) as nights,
        {{ count_where('spend.nights_with_price > 0') }} as children_with_price,
        cast(sum(spend.nights_with_price) as bigint) as nights_with_price,
        cast(sum(spend.known_gbp) as decimal(16, 2)) as known_gbp,
        cast(sum(spend.estimated_gbp) as decimal(16, 2)) as estimated_gbp,
        cast(sum(spend.total_gbp) as decimal(16, 2)) as total_gbp,
        {{ count_where('spend.nights_with_both_prices > 0') }} as children_with_both_prices,
        {{ count_where('spend.nights_with_price > spend.nights_with_both_prices') }}
            as children_with_agreed_only,
        cast(sum(spend.nights_with_both_prices) as bigint) as nights_with_both_prices,
        cast(sum(spend.agreed_where_both_gbp) as decimal(16, 2)) as agreed_where_both_gbp,
        cast(sum(spend.actual_where_both_gbp) as decimal(16, 2)) as actual_where_both_gbp
    from spend
    inner join authorities on spend.la_code = authorities.la_code
    group by {{ prefixed('spend', row_key) }}, spend.financial_year

),

-- The error of an estimate goes up and down by shares of it: spend is never below what is known.
final as (

    select
        summed.*,
    {% for end, sign in {'lower': '-', 'upper': ''}.items() -%}
    cast(
        summed.known_gbp
        + summed.estimated_gbp * case
            when summed.estimated_gbp > 0
                then
                    exp(
                        {{ sign }}{{ interval_80() }} * errors.error_gbp
                        / cast(summed.estimated_gbp as double)
                    )
            else 1
        end as decimal(16, 2)
    ) as total_{{ end }}_80_gbp{{ ',' if not loop.last }}
    {% endfor %}
    from summed
    inner join errors on summed.row_id = errors.row_id

)

select * from final
