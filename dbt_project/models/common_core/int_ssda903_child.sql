{{ config(schema='staging', materialized='table') }}

{% set tables = [
    'header',
    'uasc',
    'reviews',
    'oc2',
    'oc3',
    'ad1',
    'placed_adoption',
    'prev_perm',
    'missing',
    'sw_episodes',
    'dolo',
] %}

with

-- Episodes alone tell no birth date.
reports as (

    select
        la_code,
        child_id,
        cast(null as date) as birth_month
    from {{ ref('stg_ssda903__episodes') }}
    {% for table in tables %}
    union all
    select
        la_code,
        child_id,
        birth_month
    from {{ ref('stg_ssda903__' ~ table) }}
    {% endfor %}

),

-- Grain: a child of an authority.
final as (

    select
        la_code,
        child_id,
        max(birth_month) as birth_month
    from reports
    group by la_code, child_id

)

select * from final
