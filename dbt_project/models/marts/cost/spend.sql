{% set row_key = [
    'area_code', 'period_type', 'period', 'breakdown', 'placement_type', 'provider_sector',
    'provider_urn', 'needs_profile',
] %}

with

spend as (

    select * from {{ ref('int_spend') }}

),

shown as (

    select * from {{ ref('int_spend_shown') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

providers as (

    select * from {{ ref('dim_provider') }}

),

provider_order as (

    select
        *,
        row_number() over (partition by urn order by valid_from desc nulls last) as version_order
    from providers

),

-- Grain: an area, period and row of a breakdown that has both figures marked.
marks as (

    select
        row_id,
        {{ row_key | join(',\n        ') }},
        coalesce(bool_or(figure = 'nights' and is_shown), false) as shows_total,
        coalesce(bool_or(figure = 'known spend' and is_shown), false) as shows_known
    from shown
    group by row_id, {{ row_key | join(', ') }}

),

-- Grain: as before. Children other than those of the authority that has most of them: what it can
-- tell from the region's figure, for it knows its own.
safe as (

    select
        spend.*,
        spend.children as exact_children,
        spend.children_with_price as exact_children_with_price,
        marks.shows_total,
        marks.shows_known,
        {{ spend_unit('spend.la_code is null') }} as unit_gbp,
    {% for count in ['children_with_both_prices', 'children_with_agreed_only'] -%}
    spend.{{ count }} - case
        when spend.la_code is null
            then max(case when spend.la_code is not null then spend.{{ count }} else 0 end)
                over (partition by {{ prefixed('spend', row_key[1:]) }})
        else 0
    end as safe_{{ count }}{{ ',' if not loop.last }}
    {% endfor %}
    from spend
    inner join marks
        on {% for column in row_key -%}
        {{ 'and ' if not loop.first }}spend.{{ column }} = marks.{{ column }}
    {% endfor %}

),

-- What was paid is compared for totals alone; of those with an agreed price the children without an
-- actual one must be none or five.
marked as (

    select
        *,
        {{ is_withheld(
            "breakdown <> 'total' or not shows_known or safe_children_with_both_prices < 5 "
            "or (children_with_agreed_only > 0 and safe_children_with_agreed_only < 5)"
        ) }} = false as shows_actual
    from safe

),

suppressed as (

    {{ suppressed(
        'marked',
        ['children', 'children_with_price'],
        keep=row_key + [
            'la_code', 'authorities', 'is_synthetic', 'first_quarter', 'last_quarter', 'unit_gbp',
            'shows_total', 'shows_known', 'shows_actual', 'nights', 'nights_with_price',
            'exact_children', 'exact_children_with_price', 'known_gbp', 'total_gbp',
            'total_lower_80_gbp', 'total_upper_80_gbp', 'nights_with_both_prices', 'agreed_where_both_gbp',
            'actual_where_both_gbp',
        ],
        caps={'children': ['children_with_price']},
        totals=[{
            'when': 'la_code is null',
            'within': row_key[1:],
        }],
    ) }}

),

-- Grain: as before.
money as (

    select
        {{ row_key | join(',\n        ') }},
        {% for column in ['total_gbp', 'total_lower_80_gbp', 'total_upper_80_gbp'] -%}
        {{ withheld_unless('shows_total', rounded_spend(column, 'unit_gbp')) }} as {{ column }},
        {% endfor -%}
        case
            when exact_children_with_price = 0 then 0
            when shows_known then {{ rounded_spend('known_gbp', 'unit_gbp') }}
        end as known_gbp
    from suppressed

),

final as (

    select
        suppressed.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        suppressed.authorities,
        suppressed.period_type,
        suppressed.period,
        suppressed.first_quarter,
        suppressed.last_quarter,
        suppressed.breakdown,
        suppressed.placement_type,
        suppressed.provider_sector,
        suppressed.provider_urn,
        provider_order.provider_name,
        suppressed.needs_profile,
        suppressed.is_synthetic,
        suppressed.children,
        suppressed.children_with_price,
        cast(
            {{ withheld_unless('suppressed.shows_total', rounded_to('suppressed.nights', 50)) }}
            as bigint
        ) as nights,
        cast(
            case
                when suppressed.exact_children_with_price = 0 then 0
                when suppressed.shows_known
                    then {{ rounded_to('suppressed.nights_with_price', 50) }}
            end as bigint
        ) as nights_with_price,
        {{ is_withheld('not suppressed.shows_total') }} as is_suppressed,
        money.total_gbp,
        money.total_lower_80_gbp,
        money.total_upper_80_gbp,
        money.known_gbp,
        cast(money.total_gbp - money.known_gbp as decimal(16, 2)) as estimated_gbp,
        case
            when money.total_gbp is not null and money.known_gbp is not null
                then
                    cast(
                        round(suppressed.known_gbp / nullif(suppressed.total_gbp, 0), 2) as double
                    )
        end as share_known,
        case
            when suppressed.shows_total then {{ published_cost(
                '7 * suppressed.total_gbp / suppressed.nights', 'suppressed.exact_children',
            ) }}
        end as mean_gbp_per_week,
        cast(
            case
                when suppressed.shows_actual
                    then {{ rounded_to('suppressed.nights_with_both_prices', 50) }}
            end as bigint
        ) as nights_with_both_prices,
        case
            when suppressed.shows_actual
                then {{ rounded_spend('suppressed.agreed_where_both_gbp', 'suppressed.unit_gbp') }}
        end as agreed_where_both_gbp,
        case
            when suppressed.shows_actual
                then {{ rounded_spend('suppressed.actual_where_both_gbp', 'suppressed.unit_gbp') }}
        end as actual_where_both_gbp,
        suppressed.withheld
    from suppressed
    inner join money
        on {% for column in row_key -%}
        {{ 'and ' if not loop.first }}suppressed.{{ column }} = money.{{ column }}
    {% endfor -%}
    left join authorities on suppressed.la_code = authorities.la_code
    left join provider_order
        on suppressed.provider_urn = provider_order.urn
        and provider_order.version_order = 1

)

select * from final
