{{ config(schema='staging') }}

with

searches as (

    select
        *,
        case
            when is_open then 'none yet'
            else coalesce(type_found, 'not known')
        end as found
    from {{ ref('int_search_period') }}

),

-- Grain: an area, period, recommended type and type found; and all types found together.
final as (

    select
        coalesce(la_code, 'region') as area_code,
        period_kind,
        first_quarter,
        last_quarter,
        recommended_type,
        case when grouping(found) = 0 then found else 'all types' end as type_found,
        count(distinct la_code) as authorities,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        count(*) as searches
    from searches
    group by grouping sets (
        (la_code, period_kind, first_quarter, last_quarter, recommended_type, found),
        (la_code, period_kind, first_quarter, last_quarter, recommended_type),
        (period_kind, first_quarter, last_quarter, recommended_type, found),
        (period_kind, first_quarter, last_quarter, recommended_type)
    )

)

select * from final
