{# How far apart two places on an ordered scale are, from 0 to `whole`. Not known is a place of its
   own, half of it from all others: that is a metric, and nobody is near or far for what was not
   asked. #}
{% macro ordinal_distance(first, second, whole='1.0') -%}
    case
        when {{ first }} is null and {{ second }} is null then 0.0
        when {{ first }} is null or {{ second }} is null then {{ whole }} / 2
        else abs({{ first }} - {{ second }})
    end
{%- endmacro %}
