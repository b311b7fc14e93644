{# A share between 0 and 1; null where there is nothing to divide by. #}
{% macro share(numerator, denominator) -%}
    round(cast({{ numerator }} as double) / nullif({{ denominator }}, 0), 4)
{%- endmacro %}

{# How many rows meet a condition; rows where it is null do not. #}
{% macro count_where(condition) -%}
    count(case when {{ condition }} then 1 end)
{%- endmacro %}

{# The value below which a part (0 to 1) of the others lie, interpolated. #}
{% macro percentile(expression, part) -%}
    percentile_cont({{ part }}) within group (order by {{ expression }})
{%- endmacro %}
