{# The age band of an age in whole years; bands are half-open, such as 5 to 9 for 5 <= age < 10. #}
{% macro age_band(age) -%}
    case
        when {{ age }} is null then 'unknown'
        when {{ age }} < 1 then 'under 1'
        when {{ age }} < 5 then '1 to 4'
        when {{ age }} < 10 then '5 to 9'
        when {{ age }} < 16 then '10 to 15'
        else '16 and over'
    end
{%- endmacro %}

{# Age in whole years on the last day of a month, from the month of birth. It is exact: whoever was
   born in that month has had the birthday by then. On any other day it may be one too high. #}
{% macro age_at_month_end(birth_month, last_of_month) -%}
    cast(floor(datediff('month', {{ birth_month }}, {{ last_of_month }}) / 12) as integer)
{%- endmacro %}
