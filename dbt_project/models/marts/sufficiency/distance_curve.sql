with

counted as (

    select * from {{ ref('int_distance_count') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: an area. Where `placement_measures` withholds how many are further than 20 miles, as many
-- as are within must not tell.
far as (

    select
        la_code,
        quarter,
        over_20_miles is null as is_far_withheld
    from {{ ref('placement_measures') }}
    where period = 'year' and breakdown = 'total'

),

suppressed as (

    {{ suppressed(
        'counted',
        ['distance_known', 'within'],
        keep=['la_code', 'miles', 'last_quarter', 'is_synthetic', 'authorities'],
        totals=[{'when': 'la_code is null', 'within': ['miles']}],
    ) }}

),

guarded as (

    select
        suppressed.* exclude (within, withheld),
        {{ withheld_unless(
            'suppressed.miles <> 20 or not far.is_far_withheld', 'suppressed.within'
        ) }} as within,
        case
            when suppressed.miles = 20 and far.is_far_withheld
                then
                    concat_ws(
                        '; ',
                        case
                            when suppressed.distance_known is null
                                then split_part(suppressed.withheld, '; ', 1)
                        end,
                        {{ names_withheld(['within'], to_keep_another_unknown()) }}
                    )
            else suppressed.withheld
        end as withheld
    from suppressed
    inner join far
        on suppressed.la_code is not distinct from far.la_code
        and suppressed.last_quarter = far.quarter

),

final as (

    select
        guarded.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        guarded.last_quarter,
        guarded.miles,
        guarded.is_synthetic,
        guarded.authorities,
        guarded.distance_known,
        guarded.within,
        {{ published_share('guarded.within', 'guarded.distance_known') }} as share_within,
        guarded.withheld
    from guarded
    left join authorities on guarded.la_code = authorities.la_code

)

select * from final
