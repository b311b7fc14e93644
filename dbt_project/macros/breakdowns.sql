{# Columns that name a row of `breakdown_sets`: its area (an authority's code, or region), period
   (a quarter, or the year that ends with it), what it is broken down by, and the age band and type of placement (type_label) it is about. #}
{% macro breakdown_columns() -%}
    coalesce(la_code, 'region') as area_code,
        period,
        quarter,
        case
            when grouping(age_band) = 0 then 'age band'
            when grouping(type_label) = 0 then 'placement type'
            else 'total'
        end as breakdown,
        case when grouping(age_band) = 0 then age_band else 'all ages' end as age_group,
        case when grouping(type_label) = 0 then type_label else 'all types' end
            as type_group
{%- endmacro %}

{# An authority and period, and the region and period: in total, by age band, by type. #}
{% macro breakdown_sets() -%}
    grouping sets (
        (la_code, period, quarter),
        (la_code, period, quarter, age_band),
        (la_code, period, quarter, type_label),
        (period, quarter),
        (period, quarter, age_band),
        (period, quarter, type_label)
    )
{%- endmacro %}
