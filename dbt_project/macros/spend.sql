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
