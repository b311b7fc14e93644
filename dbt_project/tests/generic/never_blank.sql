{# None of these columns is null in any row. One test for all of them: dbt takes longer over a test
   than DuckDB over a column. It gives each column that is blank somewhere, and in how many rows. #}
{% test never_blank(model, columns) %}

select
    column_name,
    row_count
from (
    select {% for column in columns %}count(*) - count({{ column }}) as {{ column }}{{ ", " if not loop.last }}{% endfor %}
    from {{ model }}
)
unpivot (row_count for column_name in ({{ columns | join(', ') }}))
where row_count > 0

{% endtest %}
