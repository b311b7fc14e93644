{# A regional count as it goes out: to the nearest five. #}
{% macro to_nearest_five(exact) -%}
    cast(5 * floor(({{ exact }} + 2) / 5.0) as bigint)
{%- endmacro %}
