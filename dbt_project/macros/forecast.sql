{# What something seen in a month weighs as of an origin: half as much for every half-life. #}
{% macro recency_weight(origin_month, month_number) -%}
    power(
        cast(0.5 as double),
        cast({{ origin_month }} - {{ month_number }} as double)
        / {{ var('forecast_half_life_months') }}
    )
{%- endmacro %}

{# A rate drawn towards that of a wider group, which counts as so many child-months. #}
{% macro pooled_rate(events, children_months, wider_rate) -%}
    ({{ events }} + {{ var('forecast_prior_child_months') }} * {{ wider_rate }})
    / ({{ children_months }} + {{ var('forecast_prior_child_months') }})
{%- endmacro %}

{# How many expected events of the wider group to add to each member's own, so that members are
   drawn together as far as they differ by chance alone: one over the variance of their ratios of
   observed to expected beyond Poisson's, by moments; 10 to 2000. `members` is the window of the
   group, one row a member. #}
{% macro prior_events(observed, expected, members) -%}
    least(
        greatest(
            1 / greatest(
                coalesce(
                    sum(power({{ observed }} - {{ expected }}, 2) - {{ expected }}) {{ members }}
                    / nullif(sum(power({{ expected }}, 2)) {{ members }}, 0),
                    0
                ),
                1e-9
            ),
            10
        ),
        2000
    )
{%- endmacro %}
