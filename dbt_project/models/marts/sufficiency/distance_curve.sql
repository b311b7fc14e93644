with

counted as (

    select * from {{ ref('int_distance_count') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

suppressed as (

    {{ suppressed(
        'counted',
        ['distance_known', 'within'],
        keep=['la_code', 'miles', 'last_quarter', 'is_synthetic', 'authorities'],
        totals=[{'when': 'la_code is null', 'within': ['miles']}],
    ) }}

),

final as (

    select
        suppressed.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        suppressed.last_quarter,
        suppressed.miles,
        suppressed.is_synthetic,
        suppressed.authorities,
        suppressed.distance_known,
        suppressed.within,
        {{ published_share('suppressed.within', 'suppressed.distance_known') }} as share_within,
        suppressed.withheld
    from suppressed
    left join authorities on suppressed.la_code = authorities.la_code

)

select * from final
