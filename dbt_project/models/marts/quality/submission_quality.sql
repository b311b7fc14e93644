with

submissions as (

    select * from {{ ref('submission') }}

),

check_results as (

    select * from {{ ref('stg_hub__check_result') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- A submission may be checked again when the standard changes: the latest result counts.
result_order as (

    select
        *,
        row_number() over (
            partition by la_code, submission_id, coalesce(table_name, ''), check_id
            order by checked_at desc, rows_failed desc
        ) as newest_first
    from check_results

),

-- Grain: a submission and table.
checks as (

    select
        la_code,
        submission_id,
        coalesce(table_name, '') as table_name,
        {{ count_where("outcome in ('pass', 'fail', 'error')") }} as checks_run,
        {{ count_where("outcome = 'pass'") }} as checks_passed,
        {{ count_where("outcome = 'error'") }} as checks_in_error,
        max(checked_at) as checked_at
    from result_order
    where newest_first = 1
    group by la_code, submission_id, coalesce(table_name, '')

),

counted as (

    select
        submissions.*,
        authorities.la_name,
        authorities.is_synthetic,
        checks.checked_at,
        coalesce(checks.checks_run, 0) as checks_run,
        coalesce(checks.checks_passed, 0) as checks_passed,
        coalesce(checks.checks_in_error, 0) as checks_in_error,
        {{ share('checks.checks_passed', 'checks.checks_run') }} as share_checks_passed,
        {{ share('submissions.rows_quarantined', 'submissions.rows_read') }}
            as share_rows_quarantined,
        submissions.stop_count + submissions.fix_count as must_fix_count,
        {{ share('submissions.stop_count + submissions.fix_count', 'submissions.rows_read') }}
            as must_fix_per_row
    from submissions
    left join authorities on submissions.la_code = authorities.la_code
    left join checks
        on submissions.la_code = checks.la_code
        and submissions.submission_id = checks.submission_id
        and coalesce(submissions.table_name, '') = checks.table_name

),

-- The thresholds are ours, told in the description; change both together.
final as (

    select
        id as submission_table_id,
        la_code,
        la_name,
        is_synthetic,
        submission_id,
        dataset,
        table_name,
        standard_version,
        period,
        received_at,
        checked_at,
        status,
        reason_code,
        rows_read,
        rows_kept,
        rows_quarantined,
        share_rows_quarantined,
        rows_superseded,
        stop_count,
        fix_count,
        warn_count,
        info_count,
        must_fix_count,
        must_fix_per_row,
        checks_run,
        checks_passed,
        share_checks_passed,
        checks_in_error,
        case
            when status in ('duplicate', 'superseded') or coalesce(rows_read, 0) = 0 then null
            when status = 'quarantined' or share_rows_quarantined > 0.1 then 'not fit'
            when must_fix_per_row > 0.5 then 'not fit'
            when share_rows_quarantined > 0.02 or must_fix_per_row > 0.1 then 'use with care'
            when checks_run = 0 or checks_in_error > 0 then 'use with care'
            else 'good'
        end as standing
    from counted

)

select * from final
