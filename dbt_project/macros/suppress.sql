{# Small numbers: docs/decisions/0017-small-numbers.md says what each rule is for, and
   docs/decisions/0032-inside-and-outside.md which file is for whom. Every published mart passes its
   counts and figures through these macros and withholds nothing by hand. In dbt's target `inside`
   each of them gives what it was given; what follows is of all others.

   A published count is 0, null (withheld) or a multiple of 5 from 10 on. Withheld means 1 to 7, or
   a total that would tell such a count. 6 and 7 go with the small ones so that every count that is
   shown may be any of five. Nothing here needs anything but plain SQL. #}

{# Whether figures are exact: `yes`, or nothing. #}
{% macro is_exact() -%}
    {% if target.name == 'inside' %}yes{% endif %}
{%- endmacro %}

{# The two words of why a count is withheld. Which of them it is follows from what is published: a
   count below which another is withheld never says that it is small itself, for with seven small
   ones below it that would say that each of them is 1. #}
{% macro too_few() -%}
    'too few'
{%- endmacro %}

{% macro to_keep_another_unknown() -%}
    'withheld so that another small number stays unknown'
{%- endmacro %}

{# What `withheld` says of figures that a row does not show: each with its word, or nothing.

   why: SQL for the word; null where the figures are shown #}
{% macro names_withheld(figures, why) -%}
    {% if is_exact() -%}
    ''
    {%- else -%}
    coalesce(
        {% for figure in figures -%}
        '{{ '; ' if not loop.first }}{{ figure }}: ' || {{ why }}{{ ' || ' if not loop.last }}
        {%- endfor %},
        ''
    )
    {%- endif %}
{%- endmacro %}

{# A condition on which something is withheld, such as `is_suppressed`: inside it never is. #}
{% macro is_withheld(condition) -%}
    {% if is_exact() %}false{% else %}({{ condition }}){% endif %}
{%- endmacro %}

{# A figure, withheld where a condition for showing it does not hold. #}
{% macro withheld_unless(condition, figure) -%}
    {% if is_exact() -%}
    {{ figure }}
    {%- else -%}
    case when {{ condition }} then {{ figure }} end
    {%- endif %}
{%- endmacro %}

{# A figure to the nearest unit, such as nights to 50; the unit is a number or a column. #}
{% macro rounded_to(figure, unit) -%}
    {% if is_exact() -%}
    {{ figure }}
    {%- else -%}
    {{ unit }} * round(({{ figure }}) / cast({{ unit }} as double))
    {%- endif %}
{%- endmacro %}

{# A count as it may be shown: 1 to 7 withheld, 8 and over rounded to the nearest 5. #}
{% macro rounded_count(exact) -%}
    {% if is_exact() -%}
    cast({{ exact }} as bigint)
    {%- else -%}
    case
        when {{ exact }} = 0 then 0
        when {{ exact }} > 7 then cast(5 * floor(({{ exact }} + 2) / 5.0) as bigint)
    end
    {%- endif %}
{%- endmacro %}

{# The least that a reader must think possible of a published count below a total. #}
{% macro least_possible(published) -%}
    case when {{ published }} is null then 1 when {{ published }} = 0 then 0 else {{ published }} - 2 end
{%- endmacro %}

{# The most that a reader must think possible of a published count below a total. #}
{% macro most_possible(published) -%}
    case when {{ published }} is null then 7 when {{ published }} = 0 then 0 else {{ published }} + 2 end
{%- endmacro %}

{# Whether a published total leaves every withheld count below it all of 1 to 5. It judges by
   published values alone, so that the answer tells nothing new. The two cases of 6 keep a total
   that is withheld from meaning one thing only: that each count is 1, or that each is 5. #}
{% macro leaves_room_above(published_total, least) -%}
    {{ most_possible(published_total) }} >= {{ least }} + case when {{ least }} % 5 = 2 then 6 else 4 end
{%- endmacro %}

{% macro leaves_room_below(published_total, most) -%}
    {{ least_possible(published_total) }} <= {{ most }} - case when {{ most }} % 5 = 3 then 6 else 4 end
{%- endmacro %}

{# The rows of a relation with its counts as they may be published, and `withheld`: each count that is
   not shown, with one of the two words, as in `searches: too few; children: too few`.

   counts: columns to publish, whole numbers, never null
   keep:   other columns to carry along as they are: keys, names, means still to be guarded
   sums:   {total: [parts]}, where columns of a row add up to another
   caps:   {total: [parts]}, where they add up to no more than another
   totals: [{when: …, within: […]}], where rows add up to another: the condition that marks the row
           of the total, and the columns that it shares with the rows below it; one entry for each
           column that has totals. Also `below`: the condition of those rows, where it is not all
           others; and `but`: the counts that do not add up so #}
{% macro suppressed(relation, counts, keep, sums={}, caps={}, totals=[]) -%}
    {% if is_exact() -%}
    select
        {{ keep | join(', ') }},
        {%- for count in counts %}
        {{ rounded_count(count) }} as {{ count }},
        {%- endfor %}
        '' as withheld
    from {{ relation }}
    {%- else -%}
    with

    rounded as (

        select
            {{ keep | join(', ') }},
            {%- for count in counts %}
            {{ rounded_count(count) }} as {{ count }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }}

    ),

    -- Grain: as before. What a reader must think possible of the parts of each total.
    bounded as (

        select
            *
            {%- for total, parts in (sums.items() | list) + (caps.items() | list) -%}
            , {{ bounds_in_row('in_row_' ~ total, parts) }}
            {%- endfor %}
            {%- for total in totals %}{% set number = loop.index %}
            {%- for count in counts if count not in total.get('but', []) -%}
            , {{ bounds_of_rows('rows_' ~ number ~ '_' ~ count, count, total) }}
            {%- endfor %}
            {%- endfor %}
        from rounded

    ),

    -- Grain: as before. `tells_…`: a count below this one is withheld; shown, it might tell that.
    safe as (

        select
            {{ keep | join(', ') }}
            {%- for count in counts %}
            {%- set has_parts, tells = [], [] %}
            {%- if count in sums or count in caps %}
            {%- set bounds = 'in_row_' ~ count %}
            {%- do has_parts.append(bounds ~ '_withheld > 0') %}
            {%- do tells.append(tells_a_part(count, bounds, is_cap=count not in sums)) %}
            {%- endif %}
            {%- for total in totals if count not in total.get('but', []) %}
            {%- set bounds = 'rows_' ~ (totals.index(total) + 1) ~ '_' ~ count %}
            {%- set above = '(' ~ total.when ~ ') and ' %}
            {%- do has_parts.append(above ~ bounds ~ '_withheld > 0') %}
            {%- do tells.append(above ~ tells_a_part(count, bounds)) %}
            {%- endfor %}
            {%- if tells %},
            case
                {%- for condition in tells %}
                when {{ condition }} then null
                {%- endfor %}
                else {{ count }}
            end as {{ count }},
            case
                {%- for condition in has_parts %}
                when {{ condition }} then true
                {%- endfor %}
                else false
            end as tells_{{ count }}
            {%- else %},
            {{ count }},
            false as tells_{{ count }}
            {%- endif %}
            {%- endfor %}
        from bounded

    )

    select
        {{ keep | join(', ') }},
        {{ counts | join(', ') }},
        concat_ws(
            '; ',
            {%- for count in counts %}
            case
                when {{ count }} is null and tells_{{ count }}
                    then '{{ count }}: ' || {{ to_keep_another_unknown() }}
                when {{ count }} is null then '{{ count }}: ' || {{ too_few() }}
            end{{ ',' if not loop.last }}
            {%- endfor %}
        ) as withheld
    from safe
    {%- endif %}
{%- endmacro %}

{# Whether a total would tell a withheld count below it, by the bounds of what is below it. #}
{% macro tells_a_part(total, bounds, is_cap=false) -%}
    {{ bounds }}_withheld > 0
    and not (
        {{ leaves_room_above(total, bounds ~ '_least') }}
        {%- if not is_cap %}
        and {{ leaves_room_below(total, bounds ~ '_most') }}
        {%- endif %}
    )
{%- endmacro %}

{# Bounds of the parts of a total that stands in the same row. #}
{% macro bounds_in_row(name, parts) -%}
    {% for part in parts %}{{ least_possible(part) }}{{ ' + ' if not loop.last }}{% endfor %}
        as {{ name }}_least,
    {% for part in parts %}{{ most_possible(part) }}{{ ' + ' if not loop.last }}{% endfor %}
        as {{ name }}_most,
    {% for part in parts %}case when {{ part }} is null then 1 else 0 end{{ ' + ' if not loop.last }}
    {%- endfor %}
        as {{ name }}_withheld
{%- endmacro %}

{# Bounds of the rows below the row of a total. #}
{% macro bounds_of_rows(name, count, total) -%}
    {% set below = total.get('below', 'not (' ~ total.when ~ ')') -%}
    {% set window = 'over (partition by ' ~ total.within | join(', ') ~ ')' -%}
    sum(case when {{ below }} then {{ least_possible(count) }} end)
        {{ window }} as {{ name }}_least,
    sum(case when {{ below }} then {{ most_possible(count) }} end)
        {{ window }} as {{ name }}_most,
    count(case when {{ below }} and {{ count }} is null then 1 end)
        {{ window }} as {{ name }}_withheld
{%- endmacro %}

{# A share of two published counts, 0 to 1: it tells no more than they do. Below 20, rounding alone
   could move it too far. #}
{% macro published_share(part, whole) -%}
    {{ withheld_unless(whole ~ ' >= 20', share(part, whole)) }}
{%- endmacro %}

{# A mean, median or other figure over placements, to the nearest whole, as it may be shown: only
   beside a published count of 10 or more. Rounded, it hides what one child more would change. #}
{% macro published_figure(figure, published_count) -%}
    {% if is_exact() -%}
    cast({{ figure }} as double)
    {%- else -%}
    case when {{ published_count }} > 0 then cast(round({{ figure }}) as double) end
    {%- endif %}
{%- endmacro %}

{# A cost in pounds per week, to the nearest £10, of at least five children. Their exact number is
   given here: beside a count that is withheld, a cost says 5 to 7, and no cost 1 to 4. #}
{% macro published_cost(figure, children) -%}
    cast(
        {{ withheld_unless(children ~ ' >= 5', rounded_to(figure, 10)) }} as decimal(12, 2)
    )
{%- endmacro %}

{# The same for some of the children whose cost is shown: the others, whose mean could be worked out
   from the two, must be none or at least five. #}
{% macro published_cost_of_some(figure, some, all) -%}
    {{ withheld_unless(
        all ~ ' = ' ~ some ~ ' or ' ~ all ~ ' - ' ~ some ~ ' >= 5',
        published_cost(figure, some)
    ) }}
{%- endmacro %}

{# The unit to which a spend is published: of an authority £10,000, of the region £100,000. #}
{% macro spend_unit(is_region) -%}
    case when {{ is_region }} then 100000 else 10000 end
{%- endmacro %}

{# A spend to the nearest unit. #}
{% macro rounded_spend(amount, unit) -%}
    cast({{ rounded_to(amount, unit) }} as decimal(16, 2))
{%- endmacro %}
