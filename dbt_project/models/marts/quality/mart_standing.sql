with

mart_topics as (

    select * from {{ ref('mart_check') }}

),

topics as (

    select * from {{ ref('standard_topic') }}

),

-- Grain: a mart and a field that it rests on.
listed as (

    select
        mart_topics.mart,
        topics.*
    from mart_topics
    inner join topics
        on mart_topics.dataset = topics.dataset
        and mart_topics.what = topics.what

),

region_authorities as (

    select * from {{ ref('stg_hub__authority') }}

),

submissions as (

    select * from {{ ref('submission') }}

),

check_results as (

    select * from {{ ref('stg_hub__check_result') }}

),

-- Grain: a mart, a dataset that it needs, and a table in which an authority may send it.
mart_tables as (

    select distinct
        mart,
        dataset,
        table_name
    from listed

),

-- Grain: a mart and an authority of the region.
pairs as (

    select
        marts.mart,
        region_authorities.la_code,
        region_authorities.la_name,
        region_authorities.is_synthetic
    from (select distinct mart from mart_tables) as marts
    cross join region_authorities

),

-- Grain: a mart, an authority and a dataset that the mart needs.
datasets as (

    select
        pairs.mart,
        pairs.la_code,
        mart_tables.dataset,
        {{ count_where("submissions.status = 'accepted' and submissions.rows_kept > 0") }}
            as accepted,
        sum(submissions.rows_read) as rows_read,
        sum(submissions.rows_quarantined) as rows_quarantined
    from pairs
    inner join mart_tables on pairs.mart = mart_tables.mart
    left join submissions
        on pairs.la_code = submissions.la_code
        and mart_tables.table_name = submissions.table_name
        and submissions.status in ('accepted', 'quarantined')
    group by pairs.mart, pairs.la_code, mart_tables.dataset

),

-- A submission may be checked again when the standard changes: the latest result counts.
newest_results as (

    select
        *,
        row_number() over (
            partition by la_code, submission_id, table_name, check_id
            order by checked_at desc, rows_failed desc
        ) as newest_first
    from check_results
    where severity in ('stop', 'fix') and outcome <> 'not applicable'

),

-- Grain: a mart, an authority and a check on a field that the mart needs, over all accepted
-- submissions. A check of two fields names both.
checks as (

    select
        listed.mart,
        newest_results.la_code,
        newest_results.check_id,
        min(listed.what) as what,
        sum(newest_results.rows_tested) as rows_tested,
        sum(newest_results.rows_failed) as rows_failed,
        {{ count_where("newest_results.outcome = 'error'") }} as errors
    from newest_results
    inner join submissions
        on newest_results.la_code = submissions.la_code
        and newest_results.submission_id = submissions.submission_id
        and newest_results.table_name = submissions.table_name
        and submissions.status = 'accepted'
    inner join listed
        on newest_results.table_name = listed.table_name
        and ', ' || newest_results.field || ', ' like '%, ' || listed.field || ', %'
    where newest_results.newest_first = 1
    group by listed.mart, newest_results.la_code, newest_results.check_id

),

-- Grain: a mart, an authority and a reason not to trust it blindly. 2 is not fit, 1 is with care.
-- The thresholds are ours, told in the description; change both together.
reasons as (

    select
        mart,
        la_code,
        'nothing accepted of ' || dataset as reason,
        1 as weight
    from datasets
    where accepted = 0
    union all
    select
        mart,
        la_code,
        cast(round(100.0 * rows_quarantined / rows_read) as integer)
        || '% of the rows of ' || dataset || ' in quarantine' as reason,
        case when rows_quarantined > 0.1 * rows_read then 2 else 1 end as weight
    from datasets
    where rows_quarantined > 0.02 * rows_read
    union all
    select
        mart,
        la_code,
        cast(round(100.0 * rows_failed / rows_tested) as integer)
        || '% of the rows fail ' || check_id || ' (' || what || ')' as reason,
        case when rows_failed > 0.5 * rows_tested then 2 else 1 end as weight
    from checks
    where rows_failed > 0.1 * rows_tested
    union all
    select
        mart,
        la_code,
        check_id || ' (' || what || ') could not run' as reason,
        1 as weight
    from checks
    where errors > 0

),

weighed as (

    select
        mart,
        la_code,
        max(weight) as weight,
        string_agg(reason, '; ' order by weight desc, reason asc) as reasons
    from reasons
    group by mart, la_code

),

checked as (

    select
        mart,
        la_code,
        count(*) as checks_run,
        {{ count_where('rows_failed > 0') }} as checks_failed
    from checks
    group by mart, la_code

),

sent as (

    select
        mart,
        la_code,
        sum(accepted) as submissions_accepted
    from datasets
    group by mart, la_code

),

final as (

    select
        pairs.mart,
        pairs.la_code,
        pairs.la_name,
        pairs.is_synthetic,
        case
            when sent.submissions_accepted = 0 or weighed.weight = 2 then 'not fit'
            when weighed.weight = 1 then 'use with care'
            else 'fit'
        end as standing,
        coalesce(weighed.reasons, '') as reasons,
        cast(sent.submissions_accepted as bigint) as submissions_accepted,
        coalesce(checked.checks_run, 0) as checks_run,
        coalesce(checked.checks_failed, 0) as checks_failed
    from pairs
    inner join sent on pairs.mart = sent.mart and pairs.la_code = sent.la_code
    left join weighed on pairs.mart = weighed.mart and pairs.la_code = weighed.la_code
    left join checked on pairs.mart = checked.mart and pairs.la_code = checked.la_code

)

select * from final
