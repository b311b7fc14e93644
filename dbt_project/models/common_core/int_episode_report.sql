{{ config(schema='staging', materialized='table') }}

with

episodes as (

    select * from {{ ref('stg_ssda903__episodes') }}

),

submissions as (

    select * from {{ ref('stg_hub__submission') }}

),

placement_types as (

    select * from {{ ref('placement_type_map') }} where source = 'ssda903'

),

-- Grain: a submission.
receipts as (

    select
        la_code,
        submission_id,
        min(received_at) as received_at
    from submissions
    where status = 'accepted' and table_name = 'episodes'
    group by la_code, submission_id

),

collection_years as (

    select distinct
        la_code,
        period
    from episodes

),

-- Grain: an authority and collection year, with the next one that has come.
returns as (

    select
        la_code,
        period,
        lead(period) over (partition by la_code order by period) as next_period
    from collection_years

),

-- Grain: a reported episode.
reports as (

    select
        episodes.*,
        {{ keyed_id([
            "'episode report'", 'episodes.la_code', 'episodes.period', 'episodes.submission_id',
            'episodes.record_id',
        ]) }} as report_id,
        placement_types.common_core_value as placement_type,
        receipts.received_at,
        {{ period_end('episodes.period') }} as year_closed_on,
        returns.next_period,
        min(episodes.period) over (
            partition by episodes.la_code, episodes.child_id, episodes.start_date
        ) as first_period,
        max(episodes.period) over (
            partition by episodes.la_code, episodes.child_id, episodes.start_date
        ) as last_period,
        row_number() over (
            partition by episodes.la_code, episodes.child_id, episodes.start_date
            order by
                episodes.period desc,
                coalesce(receipts.received_at, cast('1900-01-01' as timestamp)) desc,
                episodes.submission_id desc,
                episodes.record_id desc
        ) as report_order
    from episodes
    inner join returns
        on episodes.la_code = returns.la_code
        and episodes.period = returns.period
    left join receipts
        on episodes.la_code = receipts.la_code
        and episodes.submission_id = receipts.submission_id
    left join placement_types on episodes.place_code = placement_types.source_code

),

-- Grain: a child and start, as the latest return has it.
latest as (

    select * from reports where report_order = 1

),

-- Grain: an earlier report and a later one that could be the same episode with its start mended.
-- Codes of PLACE change from year to year, so the type in the common model is compared.
pairs as (

    select
        earlier.report_id,
        earlier.start_date,
        later.report_id as later_report_id,
        earlier.end_date = later.end_date as has_same_end,
        earlier.end_date is null
        and (later.end_date is null or later.end_date > earlier.year_closed_on)
            as is_open_in_both,
        later.first_period > earlier.period as is_of_later_year,
        {{ days_between('earlier.start_date', 'later.start_date') }} as days_moved,
        coalesce(later.start_date <= cast(earlier.received_at as date), true)
        and later.start_date <= earlier.year_closed_on as could_have_been_known
    from latest as earlier
    inner join latest as later
        on earlier.la_code = later.la_code
        and earlier.child_id = later.child_id
        and earlier.start_date <> later.start_date
    where
        (
            later.first_period > earlier.period
            or (later.period = earlier.period and later.received_at > earlier.received_at)
        )
        {% for code in [
            'reason_episode_started_code',
            'legal_status_code',
            'place_provider_code',
            'provider_urn',
            'placement_type',
        ] %}
        and coalesce(earlier.{{ code }}, '') = coalesce(later.{{ code }}, '')
        {% endfor %}

),

-- A start moved back takes no day of care away. One moved on does, so it has to be near; and with
-- both open it must be one that the earlier return ought to have had, or it may be a new entry.
corrections as (

    select
        report_id,
        row_number() over (
            partition by later_report_id order by abs(days_moved), start_date
        ) as nearness
    from pairs
    where
        (days_moved < 0 and (has_same_end or is_open_in_both))
        or (
            days_moved between 1 and {{ var('episode_start_moved_days') }}
            and (has_same_end or (is_open_in_both and is_of_later_year and could_have_been_known))
        )

),

-- Each later report replaces one: a second would be an episode of its own.
corrected as (

    select distinct report_id from corrections where nearness = 1

),

final as (

    select
        reports.report_id,
        reports.la_code,
        reports.period,
        reports.submission_id,
        reports.record_id,
        reports.child_id,
        reports.reason_episode_started_code,
        reports.legal_status_code,
        reports.category_of_need_code,
        reports.place_code,
        reports.place_provider_code,
        reports.reason_episode_ceased_code,
        reports.reason_place_change_code,
        reports.home_district,
        reports.placement_district,
        reports.urn,
        reports.provider_urn,
        reports.placement_la_code,
        reports.age_at_start,
        reports.distance_miles,
        reports.is_out_of_authority,
        case
            when reports.period < reports.last_period then 'repeated_in_later_year'
            when reports.report_order > 1 then 'duplicate_report'
            when corrected.report_id is not null then 'start_corrected_later'
            when reports.turned_18_date <= reports.start_date then 'begins_at_18_or_later'
        end as set_aside_rule,
        reports.next_period,
        reports.received_at,
        reports.year_closed_on,
        reports.start_date,
        reports.end_date,
        reports.turned_18_date
    from reports
    left join corrected on reports.report_id = corrected.report_id

)

select * from final
