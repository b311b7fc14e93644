{% set of_length = ['under_16_in_care_30_months', 'same_home_24_months'] %}
{% set counts = ['children', 'three_or_more_placements', 'age_not_known'] + of_length %}

with

stability as (

    select * from {{ ref('int_placement_stability') }}

),

-- Who is known of no authority adds nothing to the region.
counted as (

    select
        * exclude (under_16_in_care_30_months, same_home_24_months),
        coalesce(under_16_in_care_30_months, 0) as under_16_in_care_30_months,
        coalesce(same_home_24_months, 0) as same_home_24_months
    from stability

),

suppressed as (

    {{ suppressed(
        'counted',
        counts,
        keep=[
            'area_level', 'la_code', 'area_name', 'year_start_date', 'period_end_date', 'quarter',
            'is_statutory_year', 'is_synthetic', 'authorities', 'authorities_with_length',
        ],
        totals=[{'when': 'la_code is null', 'within': ['period_end_date']}],
    ) }}

),

final as (

    select
        area_level,
        la_code,
        area_name,
        year_start_date,
        period_end_date,
        quarter,
        is_statutory_year,
        is_synthetic,
        authorities,
        children,
        three_or_more_placements,
        {{ published_share('three_or_more_placements', 'children') }}
            as share_three_or_more_placements,
        age_not_known,
        authorities_with_length,
        {% for count in of_length %}
        case when authorities_with_length > 0 then {{ count }} end as {{ count }},
        {% endfor %}
        {{ published_share('same_home_24_months', 'under_16_in_care_30_months') }}
            as share_same_home_24_months,
        withheld
    from suppressed

)

select * from final
