{# How much less a need is met than elsewhere: docs/decisions/0019-gap-index.md. #}

{# The derivatives of the logarithm of the gamma function that a beta distribution's logit has its
   mean, variance and third cumulant from: asymptotic series (Abramowitz and Stegun 1964, 6.3.18,
   6.4.12, 6.4.14), two steps up, where they are close. #}
{% macro digamma(x) -%}
    (
        ln({{ x }} + 2) - 0.5 / ({{ x }} + 2) - 1.0 / (12 * ({{ x }} + 2) ** 2)
        - 1.0 / {{ x }} - 1.0 / ({{ x }} + 1)
    )
{%- endmacro %}

{% macro trigamma(x) -%}
    (
        1.0 / ({{ x }} + 2) + 0.5 / ({{ x }} + 2) ** 2 + 1.0 / (6 * ({{ x }} + 2) ** 3)
        + 1.0 / {{ x }} ** 2 + 1.0 / ({{ x }} + 1) ** 2
    )
{%- endmacro %}

{% macro tetragamma(x) -%}
    (
        -1.0 / ({{ x }} + 2) ** 2 - 1.0 / ({{ x }} + 2) ** 3 - 0.5 / ({{ x }} + 2) ** 4
        - 2.0 / {{ x }} ** 3 - 2.0 / ({{ x }} + 1) ** 3
    )
{%- endmacro %}

{# About where a beta distribution has as much below it as a standard normal one has below z: DuckDB
   has no such function. The logit as a normal with a correction for its skew (Cornish and Fisher).
   tests/dbt/test_gap_index.py holds how far it is from the exact one. #}
{% macro beta_quantile(a, b, z) -%}
    {%- set variance = '(' ~ trigamma(a) ~ ' + ' ~ trigamma(b) ~ ')' -%}
    {%- set third = '(' ~ tetragamma(a) ~ ' - ' ~ tetragamma(b) ~ ')' -%}
    (1.0 / (1.0 + exp(-(
        {{ digamma(a) }} - {{ digamma(b) }}
        + ({{ z }}) * sqrt({{ variance }})
        + (({{ z }}) * ({{ z }}) - 1.0) / 6.0 * {{ third }} / {{ variance }}
    ))))
{%- endmacro %}

{# Unmet searches and all searches of a cell as they count once as many searches as the project says,
   unmet as often as is expected of searches like these, have been added. #}
{% macro drawn_unmet(unmet, expected_share) -%}
    ({{ unmet }} + {{ var('gap_index_searches_added') }} * {{ expected_share }})
{%- endmacro %}

{% macro drawn_met(unmet, searches, expected_share) -%}
    ({{ searches }} - {{ unmet }} + {{ var('gap_index_searches_added') }} * (1 - {{ expected_share }}))
{%- endmacro %}

{# The share of searches that go unmet, drawn towards what is expected of searches like these. #}
{% macro drawn_share(unmet, searches, expected_share) -%}
    ({{ drawn_unmet(unmet, expected_share) }} / ({{ searches }} + {{ var('gap_index_searches_added') }}))
{%- endmacro %}

{# One end of the interval in which that share lies 8 times in 10; z: -1.2816 or 1.2816. #}
{% macro drawn_share_end(unmet, searches, expected_share, z) -%}
    {{ beta_quantile(
        drawn_unmet(unmet, expected_share), drawn_met(unmet, searches, expected_share), z
    ) }}
{%- endmacro %}
