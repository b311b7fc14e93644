{# What a row of each mart is mainly of: where that count is withheld, the row says nothing. #}
{% set main_counts = {
    'cost.cost_drivers': 'children_after',
    'cost.cost_parts': 'children',
    'cost.provider_premium': 'children',
    'cost.spend': 'children',
    'cost.weekly_cost': 'children',
    'sufficiency.bought_beds': 'children',
    'sufficiency.children_looked_after': 'children',
    'sufficiency.distance_curve': 'within',
    'sufficiency.needs_profile': 'searches',
    'sufficiency.placement_measures': 'placements_started',
    'sufficiency.placement_stability': 'children',
    'sufficiency.recommended_vs_actual': 'searches',
    'sufficiency.supply': 'children_placed',
    'sufficiency.unmet_need': 'searches',
} %}

with

thresholds as (

    select * from {{ ref('standing_measure') }}

),

mart_measures as (

    select * from {{ ref('mart_measure') }}

),

shares as (

    select * from {{ ref('int_standing_measure') }}

),

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
    from (select distinct mart from mart_measures) as marts
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

-- Grain: a mart, an authority and a check all of whose fields the mart needs, over all accepted
-- submissions. A check of a field that it needs and one that it does not says nothing of it: the
-- rule that a number fits a date of birth fails by the number.
topic_tables as (

    select distinct
        dataset,
        table_name
    from topics

),

fields as (

    select distinct
        newest_results.check_id,
        newest_results.field as all_fields,
        topic_tables.dataset,
        unnest(string_split(newest_results.field, ', ')) as field
    from newest_results
    inner join topic_tables on newest_results.table_name = topic_tables.table_name

),

mart_datasets as (

    select distinct
        mart,
        dataset
    from mart_tables

),

used as (

    select
        mart,
        dataset,
        field,
        min(what) as what
    from listed
    group by mart, dataset, field

),

relevant as (

    select
        mart_datasets.mart,
        fields.check_id,
        fields.all_fields,
        min(used.what) as what
    from mart_datasets
    inner join fields on mart_datasets.dataset = fields.dataset
    left join used
        on mart_datasets.mart = used.mart
        and fields.dataset = used.dataset
        and fields.field = used.field
    group by mart_datasets.mart, fields.check_id, fields.all_fields
    having count(*) = count(used.field)

),

checks as (

    select
        relevant.mart,
        newest_results.la_code,
        newest_results.check_id,
        min(relevant.what) as what,
        sum(newest_results.rows_tested) as rows_tested,
        sum(newest_results.rows_failed) as rows_failed,
        {{ count_where("newest_results.outcome = 'error'") }} as errors
    from newest_results
    inner join submissions
        on newest_results.la_code = submissions.la_code
        and newest_results.submission_id = submissions.submission_id
        and newest_results.table_name = submissions.table_name
        and submissions.status = 'accepted'
    inner join relevant
        on newest_results.check_id = relevant.check_id
        and newest_results.field = relevant.all_fields
    where newest_results.newest_first = 1
    group by relevant.mart, newest_results.la_code, newest_results.check_id

),

-- Grain: a mart and its rows of an authority, or of the region: how many do not show what they are
-- of.
withheld as (

    {% for mart, main_count in main_counts.items() %}
    select
        '{{ mart }}' as mart,
        la_code,
        {{ count_where(
            "withheld <> ''" if main_count is none else "'; ' || withheld like '%; " ~ main_count ~ ": %'"
        ) }} as rows_withheld,
        count(*) as all_rows
    from {{ ref(mart.split('.')[1]) }}
    group by la_code
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Grain: a mart, an authority or the region (null), a measure and what of it.
measured as (

    select
        mart,
        la_code,
        'nothing accepted' as measure,
        case
            when la_code is null
                then
                    string_agg(distinct missing, ' or ' order by missing)
                    || ' from ' || count(distinct case when missing is not null then la_code end)
                    || ' of ' || count(distinct la_code) || ' authorities'
            else string_agg(distinct missing, ' and ' order by missing)
        end as subject,
        avg(case when accepted = 0 then 1.0 else 0.0 end) as value
    from (
        select
            *,
            case when accepted = 0 then dataset end as missing
        from datasets
    ) as with_missing
    group by grouping sets ((mart, la_code), (mart))
    union all
    select
        mart,
        la_code,
        'rows in quarantine' as measure,
        dataset as subject,
        sum(rows_quarantined) / cast(sum(rows_read) as double) as value
    from datasets
    group by grouping sets ((mart, dataset, la_code), (mart, dataset))
    having sum(rows_read) > 0
    union all
    select
        mart,
        la_code,
        'failed checks' as measure,
        check_id || ' (' || what || ')' as subject,
        sum(rows_failed) / cast(sum(rows_tested) as double) as value
    from checks
    group by grouping sets ((mart, check_id, what, la_code), (mart, check_id, what))
    having sum(rows_tested) > 0
    union all
    select
        mart,
        la_code,
        'broken checks' as measure,
        check_id || ' (' || what || ')' as subject,
        sum(errors) as value
    from checks
    group by grouping sets ((mart, check_id, what, la_code), (mart, check_id, what))
    union all
    select
        mart_datasets.mart,
        shares.la_code,
        shares.measure,
        shares.subject,
        shares.value
    from shares
    inner join mart_datasets on shares.subject = mart_datasets.dataset
    union all
    select
        mart_measures.mart,
        shares.la_code,
        shares.measure,
        shares.subject,
        shares.value
    from shares
    inner join mart_measures on shares.measure = mart_measures.measure
    where shares.subject = ''
    union all
    select
        mart,
        la_code,
        'withheld' as measure,
        '' as subject,
        rows_withheld / cast(all_rows as double) as value
    from withheld

),

-- Grain: as before, of what is above a threshold. 2 is not fit, 1 is with care.
reasons as (

    select
        measured.mart,
        measured.la_code,
        case when measured.value > thresholds.not_fit_above then 2 else 1 end as weight,
        measured.value,
        replace(
            replace(thresholds.reason, '{number}', {{ share_in_words('measured.value') }}),
            '{subject}', coalesce(measured.subject, '')
        ) as reason
    from measured
    inner join mart_measures
        on measured.mart = mart_measures.mart and measured.measure = mart_measures.measure
    inner join thresholds on measured.measure = thresholds.measure
    where measured.value > thresholds.use_with_care_above

),

weighed as (

    select
        mart,
        coalesce(la_code, '') as area,
        max(weight) as weight,
        string_agg(reason, '; ' order by weight desc, value desc, reason asc) as reasons
    from reasons
    group by mart, coalesce(la_code, '')

),

checked as (

    select
        mart,
        coalesce(la_code, '') as area,
        count(distinct check_id) as checks_run,
        count(distinct case when rows_failed > 0 then check_id end) as checks_failed
    from checks
    group by grouping sets ((mart, la_code), (mart))

),

sent as (

    select
        mart,
        coalesce(la_code, '') as area,
        sum(accepted) as submissions_accepted
    from datasets
    group by grouping sets ((mart, la_code), (mart))

),

-- Grain: a mart and an authority, or the region.
areas as (

    select
        mart,
        la_code,
        la_name,
        is_synthetic,
        la_code as area
    from pairs
    union all
    select
        mart,
        null as la_code,
        'Region' as la_name,
        bool_or(is_synthetic) as is_synthetic,
        '' as area
    from pairs
    group by mart

),

final as (

    select
        areas.mart,
        areas.la_code,
        areas.la_name,
        areas.is_synthetic,
        case
            when sent.submissions_accepted = 0 or weighed.weight = 2 then 'not fit'
            when weighed.weight = 1 then 'use with care'
            else 'fit'
        end as standing,
        coalesce(weighed.reasons, '') as reasons,
        cast(sent.submissions_accepted as bigint) as submissions_accepted,
        coalesce(checked.checks_run, 0) as checks_run,
        coalesce(checked.checks_failed, 0) as checks_failed
    from areas
    inner join sent on areas.mart = sent.mart and areas.area = sent.area
    left join weighed on areas.mart = weighed.mart and areas.area = weighed.area
    left join checked on areas.mart = checked.mart and areas.area = checked.area

)

select * from final
