{# The model has as many rows as its driver (where the condition holds): its joins neither lost nor
   multiplied any. `counting` counts something else than rows, such as a distinct key. #}
{% test keeps_rows_of(model, driver, where_driver='true', counting='*') %}

with

expected as (

    select count({{ counting }}) as row_count from {{ driver }} where {{ where_driver }}

),

found as (

    select count(*) as row_count from {{ model }}

)

select
    expected.row_count as rows_expected,
    found.row_count as rows_found
from expected
cross join found
where expected.row_count <> found.row_count

{% endtest %}
