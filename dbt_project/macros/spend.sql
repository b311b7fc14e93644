{# The financial year of a calendar quarter: 2025/26 for 2025Q2 to 2026Q1. #}
{% macro financial_year_of(quarter) -%}
    case
        when right({{ quarter }}, 1) = '1'
            then
                cast(cast(left({{ quarter }}, 4) as integer) - 1 as varchar)
                || '/' || substr({{ quarter }}, 3, 2)
        else
            left({{ quarter }}, 4)
            || '/' || right(cast(cast(left({{ quarter }}, 4) as integer) + 1 as varchar), 2)
    end
{%- endmacro %}

{# The calendar quarter of a number that `quarter_number` gives. #}
{% macro quarter_of_number(number) -%}
    cast(({{ number }} - 1) // 4 as varchar) || 'Q' || cast(({{ number }} - 1) % 4 + 1 as varchar)
{%- endmacro %}

{# The rows of a relation, one per driver of a change, with `rounded_gbp`: `amount_gbp` in whole
   units that add up to `whole_gbp`, itself in whole units. Each part is rounded down; the units that
   are left go one by one to the parts that lost most, of equals in the order of `driver_order`.

   within: the columns that name a change
   unit:   pounds, a number or a column #}
{% macro rounded_parts(relation, within, unit) -%}
    {% if is_exact() -%}
    select
        *,
        cast(amount_gbp as decimal(16, 2)) as rounded_gbp
    from {{ relation }}
    {%- else -%}
    {% set units = 'round(amount_gbp / ' ~ unit ~ ', 3)' -%}
    select
        *,
        cast(
            {{ unit }} * (
                floor({{ units }})
                + floor(units_left / 4)
                + case when loss_order <= units_left - 4 * floor(units_left / 4) then 1 else 0 end
            ) as decimal(16, 2)
        ) as rounded_gbp
    from (
        select
            *,
            round(whole_gbp / {{ unit }})
            - sum(floor({{ units }})) over (partition by {{ within | join(', ') }}) as units_left,
            row_number() over (
                partition by {{ within | join(', ') }}
                order by round({{ units }} - floor({{ units }}), 3) desc, driver_order asc
            ) as loss_order
        from {{ relation }}
    ) as with_what_is_left
    {%- endif %}
{%- endmacro %}

{# Columns of a table, named with it. #}
{% macro prefixed(table, columns) -%}
    {% for column in columns %}{{ table }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# The rows of spend that are published, of a relation with what children cost by quarter: each once
   for each area (an authority's code, or region) and period, and as often as it counts in a
   breakdown. Beside these columns the rows are grouped by what tells the authority and `by`. #}
{% macro spend_rows(relation, by, sums) -%}
    {% set key = ['area_code', 'period_type', 'period', 'financial_year', 'la_code'] + by -%}
    select
        area_code,
        period_type,
        period,
        financial_year,
        case
            when grouping(row_needs_profile) = 0 then 'needs profile'
            when grouping(row_provider_urn) = 0 then 'provider'
            when grouping(row_provider_sector) = 0 then 'type and sector'
            when grouping(row_placement_type) = 0 then 'placement type'
            else 'total'
        end as breakdown,
        coalesce(row_placement_type, 'all') as placement_type,
        coalesce(row_provider_sector, 'all') as provider_sector,
        coalesce(row_provider_urn, 'all') as provider_urn,
        coalesce(row_needs_profile, 'all') as needs_profile,
        la_code,
        {% for column in by %}{{ column }}, {% endfor %}
        min(quarter) as first_quarter,
        max(quarter) as last_quarter,
        {% for column in sums -%}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    from (
        select
            * exclude (quarter, financial_year),
            quarter,
            financial_year,
            placement_type as row_placement_type,
            provider_sector as row_provider_sector,
            provider_urn as row_provider_urn,
            needs_profile as row_needs_profile,
            unnest([la_code, 'region']) as area_code
        from (
            select *, 'quarter' as period_type, quarter as period from {{ relation }}
            union all
            select *, 'financial year' as period_type, financial_year as period from {{ relation }}
        ) as of_periods
    ) as of_areas
    group by grouping sets (
        ({{ key | join(', ') }}),
        ({{ (key + ['row_placement_type']) | join(', ') }}),
        ({{ (key + ['row_placement_type', 'row_provider_sector']) | join(', ') }}),
        (
            {{ (key + ['row_placement_type', 'row_provider_sector', 'row_provider_urn'])
                | join(', ') }}
        ),
        ({{ (key + ['row_needs_profile']) | join(', ') }})
    )
{%- endmacro %}

{# Standard deviations within which 80 of 100 errors lie. #}
{% macro interval_80() -%}
    1.2816
{%- endmacro %}

{# How unsure it is what a price rises by while a child stays, a year: most returns tell it once. #}
{% macro uplift_sd() -%}
    0.005
{%- endmacro %}
