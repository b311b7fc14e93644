{{ config(schema='staging', materialized='view') }}

with

spend as (

    select * from {{ ref('int_spend_child') }}

),

-- Grain: an area, period, row of a breakdown, and child.
final as (

    {{ spend_rows(
        'spend',
        by=['child_id'],
        sums=[
            'nights', 'nights_with_price', 'known_gbp', 'estimated_gbp', 'total_gbp',
            'estimate_spread_gbp', 'nights_with_both_prices', 'agreed_where_both_gbp',
            'actual_where_both_gbp',
        ],
    ) }}

)

select * from final
