{# A deterministic id over columns that are already keyed hashes; blank parts keep their place. #}
{% macro keyed_id(parts) -%}
    md5(
        {%- for part in parts %}
            {%- if not loop.first %} || '|' || {% endif %}coalesce(cast({{ part }} as varchar), '')
        {%- endfor -%}
    )
{%- endmacro %}
