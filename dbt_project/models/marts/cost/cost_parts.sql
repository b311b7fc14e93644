with

finances as (

    select * from {{ ref('finance') }}

),

prices as (

    select * from {{ ref('placement_price') }} where price_basis = 'agreed'

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: a placement whose latest agreed cost was sent in four parts.
costed as (

    select
        prices.la_code,
        prices.child_id,
        prices.placement_type,
        finances.agreed_weekly_cost,
        finances.core_weekly_cost,
        finances.additional_support_weekly_cost,
        finances.education_weekly_cost,
        finances.other_weekly_cost
    from prices
    inner join finances
        on prices.placement_id = finances.placement_id
        and prices.priced_from_date = finances.valid_from
    where
        finances.core_weekly_cost is not null
        and finances.additional_support_weekly_cost is not null
        and finances.education_weekly_cost is not null
        and finances.other_weekly_cost is not null

),

-- Grain: an area and type of placement.
counted as (

    select
        la_code,
        placement_type,
        count(distinct la_code) as authorities,
        count(*) as placements,
        count(distinct child_id) as children,
        count(distinct child_id) as exact_children,
        avg(agreed_weekly_cost) as agreed_cost,
        avg(core_weekly_cost) as core_cost,
        avg(additional_support_weekly_cost) as additional_support_cost,
        avg(education_weekly_cost) as education_cost,
        avg(other_weekly_cost) as other_cost
    from costed
    group by grouping sets ((la_code, placement_type), (placement_type))

),

-- Of the region, children other than those of the authority that has most of them.
sized as (

    select
        *,
        exact_children - case
            when la_code is null
                then max(case when la_code is not null then exact_children else 0 end)
                    over (partition by placement_type)
            else 0
        end as safe_children
    from counted

),

suppressed as (

    {{ suppressed(
        'sized',
        ['placements', 'children'],
        keep=[
            'la_code', 'placement_type', 'authorities', 'safe_children', 'agreed_cost', 'core_cost',
            'additional_support_cost', 'education_cost', 'other_cost',
        ],
        totals=[{'when': 'la_code is null', 'within': ['placement_type']}],
    ) }}

),

final as (

    select
        suppressed.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        suppressed.authorities,
        suppressed.placement_type,
        coalesce(
            authorities.is_synthetic, (select bool_or(a.is_synthetic) from authorities as a)
        ) as is_synthetic,
        suppressed.placements,
        suppressed.children,
        {{ is_withheld('suppressed.safe_children < 5') }} as is_suppressed,
        {% for part in ['agreed', 'core', 'additional_support', 'education', 'other'] -%}
        {{ published_cost('suppressed.' ~ part ~ '_cost', 'suppressed.safe_children') }}
            as mean_{{ part }}_gbp_per_week,
        {% endfor %}
        suppressed.withheld
    from suppressed
    left join authorities on suppressed.la_code = authorities.la_code

)

select * from final
