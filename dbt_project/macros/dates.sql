{# Whole days from the first date to the second; negative if the second is earlier. #}
{% macro days_between(first_date, second_date) -%}
    datediff('day', {{ first_date }}, {{ second_date }})
{%- endmacro %}

{# The day before a date. #}
{% macro day_before(a_date) -%}
    cast({{ a_date }} - interval '1 day' as date)
{%- endmacro %}

{# The day after a date. #}
{% macro day_after(a_date) -%}
    cast({{ a_date }} + interval '1 day' as date)
{%- endmacro %}

{# The calendar quarter of a date, such as 2025Q4. #}
{% macro quarter_of(a_date) -%}
    cast(extract(year from {{ a_date }}) as varchar)
    || 'Q' || cast(extract(quarter from {{ a_date }}) as varchar)
{%- endmacro %}

{# A number that grows by one from a calendar quarter such as 2025Q4 to the next. #}
{% macro quarter_number(quarter) -%}
    (4 * cast(left({{ quarter }}, 4) as integer) + cast(right({{ quarter }}, 1) as integer))
{%- endmacro %}

{# The first day of a period: a calendar quarter (2025Q4) or a collection year (2026). #}
{% macro period_start(period) -%}
    cast(
        case
            when {{ period }} like '____Q1' then left({{ period }}, 4) || '-01-01'
            when {{ period }} like '____Q2' then left({{ period }}, 4) || '-04-01'
            when {{ period }} like '____Q3' then left({{ period }}, 4) || '-07-01'
            when {{ period }} like '____Q4' then left({{ period }}, 4) || '-10-01'
            when length({{ period }}) = 4
                then cast(cast({{ period }} as integer) - 1 as varchar) || '-04-01'
        end as date
    )
{%- endmacro %}

{# The last day of a period: a calendar quarter (2025Q4) or a collection year (2026). #}
{% macro period_end(period) -%}
    cast(
        case
            when {{ period }} like '____Q1' then left({{ period }}, 4) || '-03-31'
            when {{ period }} like '____Q2' then left({{ period }}, 4) || '-06-30'
            when {{ period }} like '____Q3' then left({{ period }}, 4) || '-09-30'
            when {{ period }} like '____Q4' then left({{ period }}, 4) || '-12-31'
            when length({{ period }}) = 4 then {{ period }} || '-03-31'
        end as date
    )
{%- endmacro %}

{# So many days after a date (before it, if negative). #}
{% macro days_after(a_date, days) -%}
    cast({{ a_date }} + interval '{{ days }} days' as date)
{%- endmacro %}

{# So many whole months before a date. #}
{% macro months_before(a_date, months) -%}
    cast({{ a_date }} - interval '{{ months }} months' as date)
{%- endmacro %}

{# The last day of the calendar quarter of a date. #}
{% macro quarter_end_of(a_date) -%}
    cast(date_trunc('quarter', {{ a_date }}) + interval '3 months' - interval '1 day' as date)
{%- endmacro %}

{# A row for each calendar quarter that two dates touch: its last day. #}
{% macro quarter_ends_between(first_date, last_date) -%}
    cast(
        unnest(
            generate_series(
                cast(date_trunc('quarter', {{ first_date }}) as date),
                {{ last_date }},
                interval '3 months'
            )
        ) + interval '3 months' - interval '1 day' as date
    )
{%- endmacro %}

{# A row for each month that two dates touch: its last day. #}
{% macro month_ends_between(first_date, last_date) -%}
    last_day(
        cast(
            unnest(
                generate_series(
                    cast(date_trunc('month', {{ first_date }}) as date),
                    {{ last_date }},
                    interval '1 month'
                )
            ) as date
        )
    )
{%- endmacro %}

{# A number that grows by one from the month of a date to the next month: 12 x year + month. #}
{% macro month_number(a_date) -%}
    cast(12 * extract(year from {{ a_date }}) + extract(month from {{ a_date }}) as integer)
{%- endmacro %}

{# A date as years since 2000, with their parts. #}
{% macro years_of(a_date) -%}
    (datediff('day', date '2000-01-01', {{ a_date }}) / 365.25)
{%- endmacro %}
