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

{# Pounds for so many nights at a weekly price, rounded to the penny. There is never a tie to round:
   a seventh of whole pennies is never half a penny. #}
{% macro pounds_for_nights(nights, weekly_price) -%}
    cast(round(cast({{ nights }} * {{ weekly_price }} as double) / 7, 2) as decimal(14, 2))
{%- endmacro %}
