{# How far apart two places on an ordered scale from 0 to 1 are. Not known is a place of its own, half
   way from all others: a metric, and nobody is near or far for what was not asked. #}
{% macro ordinal_distance(first, second) -%}
    case
        when {{ first }} is null and {{ second }} is null then 0.0
        when {{ first }} is null or {{ second }} is null then 0.5
        else abs({{ first }} - {{ second }})
    end
{%- endmacro %}
