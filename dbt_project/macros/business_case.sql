{# What the business case reckons with: docs/decisions/0022-business-case.md. #}

{# How many months' worth of all its beds a home had in its first `months`: it fills in a straight
   line over `ramp_up` months, and is full from then on. #}
{% macro full_months(months, ramp_up) -%}
    case
        when {{ months }} >= {{ ramp_up }} then {{ months }} - {{ ramp_up }} / 2.0
        else {{ months }} * {{ months }} / (2.0 * {{ ramp_up }})
    end
{%- endmacro %}

{# Beds that such a number of child-weeks a year fills all year, to the nearest fifth of a bed. #}
{% macro beds_to_a_fifth(weeks_a_year) -%}
    cast(round({{ weeks_a_year }} / 52.0 * 5) / 5 as decimal(12, 1))
{%- endmacro %}

{# A number between 0 and 1 that is the same in every run: by the MD5 of what it is drawn for. #}
{% macro uniform_of(parts) -%}
    (cast('0x' || left({{ keyed_id(parts) }}, 8) as ubigint) + 0.5) / 4294967296.0
{%- endmacro %}

{# A draw from the triangle over three numbers, the second its peak; `uniform` is between 0 and 1. #}
{% macro triangular(uniform, low, central, high) -%}
    {%- set bottom = 'least(' ~ low ~ ', ' ~ central ~ ', ' ~ high ~ ')' -%}
    {%- set top = 'greatest(' ~ low ~ ', ' ~ central ~ ', ' ~ high ~ ')' -%}
    case
        when {{ uniform }} * ({{ top }} - {{ bottom }}) < {{ central }} - {{ bottom }}
            then
                {{ bottom }}
                + sqrt({{ uniform }} * ({{ top }} - {{ bottom }}) * ({{ central }} - {{ bottom }}))
        else
            {{ top }}
            - sqrt((1 - {{ uniform }}) * ({{ top }} - {{ bottom }}) * ({{ top }} - {{ central }}))
    end
{%- endmacro %}
