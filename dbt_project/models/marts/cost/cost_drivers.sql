with

drivers as (

    select * from {{ ref('int_cost_drivers') }}

),

shown as (

    select * from {{ ref('int_spend_shown') }}

),

spend as (

    select * from {{ ref('int_spend') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: an area and quarter. `is_shown`: its spend may be shown, so that no sum of
-- quarters tells that of a quarter that may not.
quarters as (

    select
        area_code,
        period as quarter,
        is_shown
    from shown
    where period_type = 'quarter' and figure = 'nights'

),

-- Grain: a comparison and area.
quarters_shown as (

    select
        drivers.comparison_id,
        drivers.area_code,
        bool_and(quarters.is_shown) as are_quarters_shown
    from drivers
    inner join quarters
        on drivers.area_code = quarters.area_code
        and quarters.quarter between drivers.before_from and drivers.after_to
    where drivers.placement_type = 'all'
    group by drivers.comparison_id, drivers.area_code

),

-- Grain: an area, financial year and type of home: of types spend is shown by the year alone.
types as (

    select
        area_code,
        period as financial_year,
        placement_type,
        is_shown
    from shown
    where
        period_type = 'financial year'
        and breakdown = 'placement type'
        and figure = 'nights'

),

-- Grain: a comparison of years, area and type.
types_shown as (

    select
        drivers.comparison_id,
        drivers.area_code,
        drivers.placement_type,
        bool_and(types.is_shown) as are_years_shown
    from drivers
    inner join types
        on drivers.area_code = types.area_code
        and drivers.placement_type = types.placement_type
        and types.financial_year in (
            {{ financial_year_of('drivers.before_to') }},
            {{ financial_year_of('drivers.after_to') }}
        )
    where drivers.comparison = 'financial years'
    group by drivers.comparison_id, drivers.area_code, drivers.placement_type

),

-- Grain: a comparison: authorities with a night in one of its periods that do not take part. One or
-- two of them could be told from the region's spend, which has all.
left_out as (

    select
        drivers.comparison_id,
        count(distinct spend.la_code) - max(drivers.authorities) as authorities_left_out
    from drivers
    inner join spend
        on spend.period between drivers.before_from and drivers.after_to
    where
        drivers.la_code is null
        and drivers.placement_type = 'all'
        and spend.la_code is not null
        and spend.period_type = 'quarter'
        and spend.breakdown = 'total'
        and spend.nights > 0
    group by drivers.comparison_id

),

-- Grain: a comparison and area. Of the region, children other than those of the authority that has
-- most of them: what it can tell from the region's figure, for it knows its own.
sized as (

    select
        *,
        {% for side in ['before', 'after'] -%}
        children_{{ side }} - case
            when la_code is null
                then max(case when la_code is not null then children_{{ side }} else 0 end)
                    over (partition by comparison_id, placement_type)
            else 0
        end as safe_children_{{ side }},
        {% endfor -%}
        {{ spend_unit('la_code is null') }} as unit_gbp
    from drivers

),

judged as (

    select
        sized.*,
        {{ is_withheld(
            'sized.safe_children_before < 5 or sized.safe_children_after < 5 '
            'or not coalesce(quarters_shown.are_quarters_shown, false) '
            "or (sized.placement_type <> 'all' "
            'and not coalesce(types_shown.are_years_shown, false)) '
            'or (sized.la_code is null and left_out.authorities_left_out between 1 and 2)'
        ) }} = false as is_shown
    from sized
    left join quarters_shown
        on sized.comparison_id = quarters_shown.comparison_id
        and sized.area_code = quarters_shown.area_code
    left join types_shown
        on sized.comparison_id = types_shown.comparison_id
        and sized.area_code = types_shown.area_code
        and sized.placement_type = types_shown.placement_type
    left join left_out on sized.comparison_id = left_out.comparison_id

),

-- Grain: a comparison, area and driver.
to_share_out as (

    {% for driver in ['volume', 'mix', 'price', 'length_of_stay'] %}
    {{ 'union all' if not loop.first }}
    select
        comparison_id,
        area_code,
        placement_type,
        unit_gbp,
        '{{ driver }}' as driver,
        {{ loop.index }} as driver_order,
        {{ driver }}_gbp as amount_gbp,
        {{ rounded_spend('spend_after_gbp', 'unit_gbp') }}
        - {{ rounded_spend('spend_before_gbp', 'unit_gbp') }} as whole_gbp
    from judged
    {% endfor %}

),

to_the_unit as (

    {{ rounded_parts(
        'to_share_out',
        ['comparison_id', 'area_code', 'placement_type'],
        unit='unit_gbp',
    ) }}

),

parts as (

    select
        comparison_id,
        area_code,
        placement_type,
        max(whole_gbp) as change_gbp,
    {% for driver in ['volume', 'mix', 'price', 'length_of_stay'] -%}
    max(case when driver = '{{ driver }}' then rounded_gbp end)
        as {{ driver }}_gbp{{ ',' if not loop.last }}
    {% endfor %}
    from to_the_unit
    group by comparison_id, area_code, placement_type

),

suppressed as (

    {{ suppressed(
        'judged',
        ['children_before', 'children_after'],
        keep=[
            'comparison_id', 'area_code', 'la_code', 'placement_type', 'authorities', 'comparison', 'quarters',
            'before_from', 'before_to', 'after_from', 'after_to', 'is_shown', 'unit_gbp',
            'nights_before', 'nights_after', 'spend_before_gbp', 'spend_after_gbp',
            'known_before_gbp', 'known_after_gbp',
        ],
        totals=[{'when': 'la_code is null', 'within': ['comparison_id', 'placement_type']}],
    ) }}

),

final as (

    select
        suppressed.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        suppressed.authorities,
        coalesce(
            authorities.is_synthetic, (select bool_or(a.is_synthetic) from authorities as a)
        ) as is_synthetic,
        suppressed.comparison,
        suppressed.quarters,
        suppressed.before_from,
        suppressed.before_to,
        suppressed.after_from,
        suppressed.after_to,
        suppressed.placement_type,
        {{ is_withheld('not suppressed.is_shown') }} as is_suppressed,
        suppressed.children_before,
        suppressed.children_after,
        {% for column in ['nights_before', 'nights_after'] -%}
        cast(
            case
                when suppressed.is_shown then {{ rounded_to('suppressed.' ~ column, 50) }}
            end as bigint
        ) as {{ column }},
        {% endfor %}
        {% for column in ['spend_before_gbp', 'spend_after_gbp'] -%}
        case
            when suppressed.is_shown
                then {{ rounded_spend('suppressed.' ~ column, 'suppressed.unit_gbp') }}
        end as {{ column }},
        {% endfor %}
        {% for side in ['before', 'after'] -%}
        case
            when suppressed.is_shown
                then
                    cast(
                        round(
                            suppressed.known_{{ side }}_gbp
                            / nullif(suppressed.spend_{{ side }}_gbp, 0),
                            2
                        ) as double
                    )
        end as share_known_{{ side }},
        {% endfor %}
        {% for column in [
            'change_gbp', 'volume_gbp', 'mix_gbp', 'price_gbp', 'length_of_stay_gbp',
        ] -%}
        cast(case when suppressed.is_shown then parts.{{ column }} end as decimal(16, 2))
            as {{ column }},
        {% endfor %}
        suppressed.withheld
    from suppressed
    inner join parts
        on suppressed.comparison_id = parts.comparison_id
        and suppressed.area_code = parts.area_code
        and suppressed.placement_type = parts.placement_type
    left join authorities on suppressed.la_code = authorities.la_code

)

select * from final
