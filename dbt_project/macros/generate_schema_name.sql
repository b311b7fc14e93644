{# The schemas of the warehouse are part of its contract: take them verbatim. In dbt's target `inside`
   the marts, and the models that say what may be shown, are built once more, exact, in schemas
   beside the others: docs/decisions/0032-inside-and-outside.md. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set schema = (custom_schema_name or target.schema) | trim -%}
    {%- set is_of_an_edition =
        schema in ['sufficiency', 'cost', 'quality'] or node.name.endswith('_shown') -%}
    {{ 'inside_' if target.name == 'inside' and is_of_an_edition }}{{ schema }}
{%- endmacro %}
