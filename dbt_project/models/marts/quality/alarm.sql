with

alarms as (

    select * from {{ ref('stg_hub__alarm') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: an authority, kind, dataset and table.
final as (

    select
        alarms.la_code,
        authorities.la_name,
        authorities.is_synthetic,
        alarms.kind,
        alarms.dataset,
        alarms.table_name,
        alarms.period,
        alarms.rows_read,
        alarms.rows_before,
        alarms.message,
        alarms.how_to_fix
    from alarms
    left join authorities on alarms.la_code = authorities.la_code

)

select * from final
