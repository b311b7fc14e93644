with

submissions as (

    select * from {{ ref('stg_hub__submission') }}

),

-- The same bytes under another name are one submission: its accepted file speaks for it.
files as (

    select
        *,
        coalesce(table_name, '') as known_table_name,
        count(*) over (partition by la_code, submission_id, coalesce(table_name, '')) as files,
        row_number() over (
            partition by la_code, submission_id, coalesce(table_name, '')
            order by
                case status when 'accepted' then 1 when 'quarantined' then 2 else 3 end asc,
                received_at asc,
                rows_kept desc,
                period asc
        ) as file_order
    from submissions

),

-- Grain: a submission and table.
final as (

    select
        {{ keyed_id(["'submission'", 'la_code', 'submission_id', 'known_table_name']) }} as id,
        la_code,
        submission_id,
        dataset,
        nullif(known_table_name, '') as table_name,
        standard_version,
        period,
        {{ period_start('period') }} as period_start_date,
        {{ period_end('period') }} as period_end_date,
        received_at,
        files,
        rows_read,
        rows_kept,
        rows_quarantined,
        rows_superseded,
        status,
        reason_code,
        stop_count,
        fix_count,
        warn_count,
        info_count
    from files
    where file_order = 1

)

select * from final
