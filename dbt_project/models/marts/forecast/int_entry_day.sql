{{ config(schema='staging', materialized='table') }}

with

spans as (

    select * from {{ ref('int_care_span') }}

),

covered_months as (

    select * from {{ ref('int_covered_month') }}

),

final as (

    select
        spans.la_code,
        spans.care_start_date as start_date,
        count(distinct spans.care_id) as children
    from spans
    inner join covered_months
        on spans.la_code = covered_months.la_code
        and {{ month_number('spans.care_start_date') }} = covered_months.month_number
    group by spans.la_code, spans.care_start_date

)

select * from final
