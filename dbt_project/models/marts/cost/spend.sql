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
        bool_or(figure = 'nights' and is_shown) as shows_nights,
        bool_or(figure = 'agreed spend' and is_shown) as shows_spend
    from shown
    group by row_id, {{ row_key | join(', ') }}

),

-- Grain: as before. Children other than those of the authority that has most of them: what it can
-- tell from the region's figure, for it knows its own.
safe as (

    select
        spend.*,
        spend.children_with_price as exact_children_with_price,
        marks.shows_nights,
        marks.shows_spend,
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
        breakdown = 'total'
        and shows_spend
        and safe_children_with_both_prices >= 5
        and (children_with_agreed_only = 0 or safe_children_with_agreed_only >= 5)
            as shows_actual
    from safe

),

suppressed as (

    {{ suppressed(
        'marked',
        ['children', 'children_with_price'],
        keep=row_key + [
            'la_code', 'authorities', 'is_synthetic', 'first_quarter', 'last_quarter', 'unit_gbp',
            'shows_nights', 'shows_spend', 'shows_actual', 'nights', 'nights_with_price',
            'exact_children_with_price', 'agreed_spend_gbp',
            'nights_with_both_prices', 'agreed_where_both_gbp', 'actual_where_both_gbp',
        ],
        caps={'children': ['children_with_price']},
        totals=[{
            'when': 'la_code is null',
            'within': row_key[1:],
        }],
    ) }}

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
            case when suppressed.shows_nights then 50 * round(suppressed.nights / 50.0) end
            as bigint
        ) as nights,
        cast(
            case
                when suppressed.exact_children_with_price = 0 then 0
                when suppressed.shows_spend then 50 * round(suppressed.nights_with_price / 50.0)
            end as bigint
        ) as nights_with_price,
        case
            when
                suppressed.shows_nights
                and (suppressed.shows_spend or suppressed.exact_children_with_price = 0)
                then cast(round(suppressed.nights_with_price / suppressed.nights, 2) as double)
        end as share_with_price,
        suppressed.exact_children_with_price > 0 and not coalesce(suppressed.shows_spend, false)
            as is_suppressed,
        case
            when suppressed.shows_spend
                then {{ rounded_spend('suppressed.agreed_spend_gbp', 'suppressed.unit_gbp') }}
        end as agreed_spend_gbp,
        case
            when suppressed.shows_spend then {{ published_cost(
                '7 * suppressed.agreed_spend_gbp / suppressed.nights_with_price',
                'suppressed.exact_children_with_price',
            ) }}
        end as mean_gbp_per_week,
        cast(
            case
                when suppressed.shows_actual
                    then 50 * round(suppressed.nights_with_both_prices / 50.0)
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
    left join authorities on suppressed.la_code = authorities.la_code
    left join provider_order
        on suppressed.provider_urn = provider_order.urn
        and provider_order.version_order = 1

)

select * from final
