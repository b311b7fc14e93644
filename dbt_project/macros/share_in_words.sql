{# A share as whole per cent; under 1% and over 99% where it would round to none or all. #}
{% macro share_in_words(value) -%}
    case
        when {{ value }} > 0 and {{ value }} < 0.005 then 'under 1%'
        when {{ value }} > 0.995 and {{ value }} < 1 then 'over 99%'
        else cast(cast(round(100 * {{ value }}) as bigint) as varchar) || '%'
    end
{%- endmacro %}
