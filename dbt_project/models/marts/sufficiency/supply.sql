with

counted as (

    select * from {{ ref('int_supply') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

synthetic as (

    select max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic from authorities

),

-- Grain: a type and month: the region's children who live in the region, but not in their own
-- authority. With them the authorities add up to the region, and the macro judges its number right.
elsewhere as (

    select
        'elsewhere' as area_code,
        placement_type,
        month_end_date,
        greatest(
            0, sum(case when area_code = 'region' then children_placed else -children_placed end)
        ) as children_placed
    from counted
    group by placement_type, month_end_date

),

adding_up as (

    select * from counted
    union all by name
    select * from elsewhere

),

-- What Ofsted publishes is told as it is; the children's number is not.
guarded as (

    {{ suppressed(
        'adding_up',
        ['children_placed'],
        keep=[
            'area_code', 'placement_type', 'month_end_date', 'is_change_known', 'providers',
            'providers_with_places', 'places', 'opened', 'closed', 'rated', 'good_or_outstanding',
            'authorities',
        ],
        totals=[
            {
                'when': "area_code = 'region'",
                'within': ['placement_type', 'month_end_date'],
            },
        ],
    ) }}

),

final as (

    select
        nullif(guarded.area_code, 'region') as la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        guarded.placement_type,
        guarded.month_end_date,
        coalesce(authorities.is_synthetic, synthetic.is_synthetic) as is_synthetic,
        guarded.authorities,
        guarded.providers,
        guarded.providers_with_places,
        case when guarded.providers_with_places > 0 then cast(guarded.places as bigint) end
            as places,
        case when guarded.is_change_known then guarded.opened end as opened,
        case when guarded.is_change_known then guarded.closed end as closed,
        guarded.rated,
        guarded.good_or_outstanding,
        {{ share('guarded.good_or_outstanding', 'guarded.rated') }} as share_good_or_outstanding,
        guarded.children_placed,
        guarded.withheld
    from guarded
    cross join synthetic
    left join authorities on guarded.area_code = authorities.la_code
    where guarded.area_code <> 'elsewhere'

)

select * from final
