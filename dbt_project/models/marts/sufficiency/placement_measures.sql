{% set types = ['foster', 'residential', 'supported', 'other_types'] %}
{% set sectors = ['own_provision', 'independent_agency', 'other_public'] %}
{% set started = counts_of_placements_started().split() %}
{% set of_care = counts_of_care().split() %}
{% set share_of = {
    'over_20_miles': 'distance_known',
    'out_of_authority': 'in_or_out_known',
    'foster': 'type_known',
    'residential': 'type_known',
    'supported': 'type_known',
    'other_types': 'type_known',
    'preferred_type_used': 'preferred_type_known',
    'suitable_type_used': 'suitable_type_known',
    'own_provision': 'sector_known',
    'independent_agency': 'sector_known',
    'other_public': 'sector_known',
    'placed_with_siblings': 'siblings_known',
    'school_kept': 'school_known',
    'emergency': 'emergency_known',
    'registration_not_found': 'registration_known',
    'good_or_outstanding': 'rating_known',
} %}
{% set row = ['period', 'quarter', 'breakdown', 'age_band', 'placement_type'] %}

with

-- `year_number` is that of the last quarter of the year that a quarter belongs to.
counted as (

    select
        *,
        {{ quarter_number('quarter') }} - (
            ({{ quarter_number('quarter') }} - {{ quarter_number('max(quarter) over ()') }}) % 4
        ) as year_number
    from {{ ref('int_placement_count') }}

),

suppressed as (

    {{ suppressed(
        'counted',
        started + of_care,
        keep=[
            'area_level', 'la_code', 'area_name', 'period', 'quarter', 'year_number', 'breakdown',
            'age_band', 'placement_type', 'is_synthetic', 'authorities',
            'authorities_with_ssda903', 'mean_distance_miles', 'median_distance_miles',
            'median_weekly_cost', 'children_with_weekly_cost',
            'median_nights_in_placement', 'median_nights_in_care_of_leavers',
        ],
        sums={'type_known': types},
        caps={'placements_started': types, 'sector_known': sectors},
        totals=[
            {'when': 'la_code is null', 'within': row},
            {
                'when': "breakdown = 'total'",
                'below': "breakdown = 'age band'",
                'within': ['la_code', 'period', 'quarter'],
            },
            {
                'when': "breakdown = 'total'",
                'below': "breakdown = 'placement type'",
                'within': ['la_code', 'period', 'quarter'],
            },
            {
                'when': "period = 'year'",
                'below': "period = 'quarter'",
                'within': ['la_code', 'year_number', 'breakdown', 'age_band', 'placement_type'],
                'but': ['children_at_quarter_end'],
            },
        ],
    ) }}

),

final as (

    select
        area_level,
        la_code,
        area_name,
        period,
        quarter,
        breakdown,
        age_band,
        placement_type,
        is_synthetic,
        authorities,
        {% for count in started %}
        {{ count }},
        {% endfor %}
        {% for part, whole in share_of.items() %}
        {{ published_share(part, whole) }} as share_{{ part }},
        {% endfor %}
        {{ published_figure('mean_distance_miles', 'distance_known') }} as mean_distance_miles,
        {{ published_figure('median_distance_miles', 'distance_known') }}
            as median_distance_miles,
        {{ published_cost('median_weekly_cost', 'children_with_weekly_cost') }}
            as median_weekly_cost_gbp,
        authorities_with_ssda903,
        {% for count in of_care %}
        case when authorities_with_ssda903 > 0 then {{ count }} end as {{ count }},
        {% endfor %}
        {{ published_figure('median_nights_in_placement', 'placements_ended') }}
            as median_nights_in_placement,
        {{ published_figure('median_nights_in_care_of_leavers', 'leavers') }}
            as median_nights_in_care_of_leavers,
        withheld
    from suppressed

)

select * from final
