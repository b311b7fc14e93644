with

children as (

    select * from {{ ref('int_new_home_child') }} where is_bought

),

authorities as (

    select * from {{ ref('local_authority') }}

),

synthetic as (

    select max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic from authorities

),

provider_versions as (

    select
        *,
        row_number() over (partition by urn order by valid_from desc nulls last, id asc)
            as latest_first
    from {{ ref('dim_provider') }}

),

-- Grain: a provider, as the latest list that has it says.
providers as (

    select * from provider_versions where latest_first = 1

),

-- Grain: a child in a bought bed, with the value of each breakdown.
described as (

    select
        children.la_code,
        children.child_id,
        children.lives_in as placement_type,
        children.gbp_per_week,
        case
            when children.gbp_per_week is null then 'not known'
            when children.gbp_per_week < 1000 then 'under £1,000'
            when children.gbp_per_week < 3000 then '£1,000 to £2,999'
            when children.gbp_per_week < 5000 then '£3,000 to £4,999'
            when children.gbp_per_week < 7000 then '£5,000 to £6,999'
            else '£7,000 and over'
        end as price,
        case
            when children.distance_miles is null then 'not known'
            when children.distance_miles > 20 then 'over 20 miles'
            else '20 miles or less'
        end as distance,
        case
            when children.is_out_of_authority is null then 'not known'
            when children.is_out_of_authority then 'outside'
            else 'inside'
        end as authority,
        coalesce(providers.owner_name, 'not known') as owner
    from children
    left join providers on children.provider_urn = providers.urn

),

-- Grain: a child, a breakdown, and its value or all of them.
broken_down as (

    {% for breakdown in ['price', 'distance', 'authority', 'owner'] %}
    {% for value in [breakdown, "'all'"] %}
    select
        la_code,
        child_id,
        placement_type,
        gbp_per_week,
        '{{ breakdown }}' as breakdown,
        {{ value }} as value
    from described
    {{ 'union all' if not (loop.last and breakdown == 'owner') }}
    {% endfor %}
    {% endfor %}

),

counted as (

    select
        coalesce(la_code, 'region') as area_code,
        placement_type,
        breakdown,
        value,
        count(distinct la_code) as authorities,
        count(*) as children,
        count(*) as exact_children,
        avg(gbp_per_week) as mean_gbp
    from broken_down
    group by grouping sets (
        (la_code, placement_type, breakdown, value), (placement_type, breakdown, value)
    )

),

guarded as (

    {{ suppressed(
        'counted',
        ['children'],
        keep=[
            'area_code', 'placement_type', 'breakdown', 'value', 'authorities', 'exact_children',
            'mean_gbp',
        ],
        totals=[
            {
                'when': "area_code = 'region'",
                'within': ['placement_type', 'breakdown', 'value'],
            },
            {
                'when': "value = 'all'",
                'within': ['area_code', 'placement_type', 'breakdown'],
            },
        ],
    ) }}

),

final as (

    select
        nullif(guarded.area_code, 'region') as la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        guarded.placement_type,
        guarded.breakdown,
        guarded.value,
        coalesce(authorities.is_synthetic, synthetic.is_synthetic) as is_synthetic,
        guarded.authorities,
        guarded.children,
        -- Of a count that is not shown no mean is: with those of the others it would tell the rest.
        {{ withheld_unless(
            'guarded.children > 0', published_cost('guarded.mean_gbp', 'guarded.exact_children')
        ) }} as mean_gbp_per_week,
        guarded.withheld
    from guarded
    cross join synthetic
    left join authorities on guarded.area_code = authorities.la_code

)

select * from final
