with

counted as (

    select * from {{ ref('int_recommended_found') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

guarded as (

    {{ suppressed(
        'counted',
        ['searches'],
        keep=[
            'area_code', 'period_kind', 'first_quarter', 'last_quarter', 'recommended_type',
            'type_found', 'authorities', 'is_synthetic',
        ],
        totals=[
            {
                'when': "area_code = 'region'",
                'within': ['period_kind', 'first_quarter', 'recommended_type', 'type_found'],
            },
            {
                'when': "type_found = 'all types'",
                'within': ['area_code', 'period_kind', 'first_quarter', 'recommended_type'],
            },
            {
                'when': "period_kind = 'latest'",
                'within': ['area_code', 'recommended_type', 'type_found'],
            },
        ],
    ) }}

),

-- Grain: an area, period and recommended type.
recommended as (

    select
        *,
        searches as searches_recommended
    from guarded
    where type_found = 'all types'

),

final as (

    select
        nullif(guarded.area_code, 'region') as la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        guarded.period_kind,
        guarded.first_quarter,
        guarded.last_quarter,
        guarded.recommended_type,
        guarded.type_found,
        guarded.is_synthetic,
        guarded.authorities,
        guarded.searches,
        recommended.searches_recommended,
        {{ published_share('guarded.searches', 'recommended.searches_recommended') }}
            as share_of_recommended,
        concat_ws(
            '; ',
            nullif(guarded.withheld, ''),
            nullif(replace(recommended.withheld, 'searches', 'searches_recommended'), '')
        ) as withheld
    from guarded
    -- One row: the types found together are of the same area, period and recommendation.
    inner join recommended
        on guarded.area_code = recommended.area_code
        and guarded.period_kind = recommended.period_kind
        and guarded.first_quarter = recommended.first_quarter
        and guarded.recommended_type = recommended.recommended_type
    left join authorities on guarded.area_code = authorities.la_code

)

select * from final
