{# Small numbers: docs/decisions/0017-small-numbers.md says what each rule is for. Every published
   mart passes its counts through `suppressed`; nothing here needs anything but plain SQL.

   A published count is 0, null (withheld) or a multiple of 5 from 10 on. Withheld means 1 to 7, or
   a total that would tell such a count; a reader cannot know which of the two. 6 and 7 go with the
   small ones so that every count that is shown may be any of five. #}

{# A count as it may be shown: 1 to 7 withheld, 8 and over rounded to the nearest 5. #}
{% macro rounded_count(exact) -%}
    case
        when {{ exact }} = 0 then 0
        when {{ exact }} > 7 then cast(5 * floor(({{ exact }} + 2) / 5.0) as bigint)
    end
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

{# The rows of a relation with its counts as they may be published, and `withheld`: the names of
   the counts that are not shown.

   counts: columns to publish, whole numbers, never null
   keep:   other columns to carry along as they are: keys, names, means still to be guarded
   sums:   {total: [parts]}, where columns of a row add up to another
   caps:   {total: [parts]}, where they add up to no more than another
   totals: [{when: …, within: […]}], where rows add up to another: the condition that marks the row
           of the total, and the columns that it shares with the rows below it; one entry for each
           column that has totals. Also `below`: the condition of those rows, where it is not all
           others; and `but`: the counts that do not add up so #}
{% macro suppressed(relation, counts, keep, sums={}, caps={}, totals=[]) -%}
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

    safe as (

        select
            {{ keep | join(', ') }},
            {%- for count in counts %}
            {%- set tells = [] %}
            {%- if count in sums %}
            {%- do tells.append(tells_a_part(count, 'in_row_' ~ count)) %}
            {%- endif %}
            {%- if count in caps %}
            {%- do tells.append(tells_a_part(count, 'in_row_' ~ count, is_cap=true)) %}
            {%- endif %}
            {%- for total in totals %}
            {%- if count not in total.get('but', []) %}
            {%- set below = tells_a_part(count, 'rows_' ~ loop.index ~ '_' ~ count) %}
            {%- do tells.append('(' ~ total.when ~ ') and ' ~ below) %}
            {%- endif %}
            {%- endfor %}
            {%- if tells %}
            case
                {%- for condition in tells %}
                when {{ condition }} then null
                {%- endfor %}
                else {{ count }}
            end as {{ count }}{{ ',' if not loop.last }}
            {%- else %}
            {{ count }}{{ ',' if not loop.last }}
            {%- endif %}
            {%- endfor %}
        from bounded

    )

    select
        *,
        trim(
            {%- for count in counts %}
            {{ '|| ' if not loop.first }}case when {{ count }} is null then '{{ count }} ' else '' end
            {%- endfor %}
        ) as withheld
    from safe
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
    case when {{ whole }} >= 20 then {{ share(part, whole) }} end
{%- endmacro %}

{# A mean, median or other figure over placements, to the nearest whole, as it may be shown: only
   beside a published count of 10 or more. Rounded, it hides what one child more would change. #}
{% macro published_figure(figure, published_count) -%}
    case when {{ published_count }} > 0 then cast(round({{ figure }}) as double) end
{%- endmacro %}

{# A cost in pounds per week, to the nearest £10, of at least five children. Their exact number is
   given here: beside a count that is withheld, a cost says 5 to 7, and no cost 1 to 4. #}
{% macro published_cost(figure, children) -%}
    cast(
        case when {{ children }} >= 5 then 10 * round({{ figure }} / 10.0) end as decimal(12, 2)
    )
{%- endmacro %}

{# The same for some of the children whose cost is shown: the others, whose mean could be worked out
   from the two, must be none or at least five. #}
{% macro published_cost_of_some(figure, some, all) -%}
    case
        when {{ all }} = {{ some }} or {{ all }} - {{ some }} >= 5
            then {{ published_cost(figure, some) }}
    end
{%- endmacro %}
