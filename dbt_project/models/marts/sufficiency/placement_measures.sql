{% set counts = [
    'placements_started',
    'distance_known', 'over_20_miles',
    'in_or_out_known', 'out_of_authority',
    'type_known', 'foster', 'residential', 'supported', 'other_types',
    'preferred_type_known', 'preferred_type_used',
    'siblings_known', 'placed_with_siblings', 'siblings_ambiguous',
    'school_known', 'school_kept', 'school_ambiguous',
    'emergency_known', 'emergency',
] %}
{% set types = ['foster', 'residential', 'supported', 'other_types'] %}

with

counted as (

    select * from {{ ref('int_placement_count') }}

),

suppressed as (

    {{ suppressed(
        'counted',
        counts,
        keep=[
            'area_level', 'la_code', 'area_name', 'quarter', 'is_synthetic', 'authorities',
            'mean_distance_miles', 'median_distance_miles',
        ],
        sums={'type_known': types},
        caps={'placements_started': types},
        totals=[{'when': 'la_code is null', 'within': ['quarter']}],
    ) }}

),

final as (

    select
        area_level,
        la_code,
        area_name,
        quarter,
        is_synthetic,
        authorities,
        placements_started,
        distance_known,
        over_20_miles,
        {{ published_share('over_20_miles', 'distance_known') }} as share_over_20_miles,
        {{ published_figure('mean_distance_miles', 'distance_known') }} as mean_distance_miles,
        {{ published_figure('median_distance_miles', 'distance_known') }}
            as median_distance_miles,
        in_or_out_known,
        out_of_authority,
        {{ published_share('out_of_authority', 'in_or_out_known') }}
            as share_out_of_authority,
        type_known,
        foster,
        {{ published_share('foster', 'type_known') }} as share_foster,
        residential,
        {{ published_share('residential', 'type_known') }} as share_residential,
        supported,
        {{ published_share('supported', 'type_known') }} as share_supported,
        other_types,
        {{ published_share('other_types', 'type_known') }} as share_other_types,
        preferred_type_known,
        preferred_type_used,
        {{ published_share('preferred_type_used', 'preferred_type_known') }}
            as share_preferred_type_used,
        siblings_known,
        placed_with_siblings,
        {{ published_share('placed_with_siblings', 'siblings_known') }}
            as share_placed_with_siblings,
        siblings_ambiguous,
        school_known,
        school_kept,
        {{ published_share('school_kept', 'school_known') }} as share_school_kept,
        school_ambiguous,
        emergency_known,
        emergency,
        {{ published_share('emergency', 'emergency_known') }} as share_emergency,
        withheld
    from suppressed

)

select * from final
