{{ config(schema='staging', materialized='table') }}

with

reports as (

    select * from {{ ref('int_episode_report') }}

),

used as (

    select
        *,
        lead(start_date) over (
            partition by la_code, child_id order by start_date
        ) as next_start_date,
        lead(reason_episode_started_code) over (
            partition by la_code, child_id order by start_date
        ) as next_reason_started_code,
        lead(period) over (partition by la_code, child_id order by start_date) as period_of_next
    from reports
    where set_aside_rule is null

),

described as (

    select
        *,
        coalesce(end_date < start_date, false) as ends_before_start,
        coalesce(reason_episode_ceased_code like 'E%', false) as leaves_care,
        -- An open episode is known of up to the close of its year, if a later return has come.
        case
            when end_date is not null then end_date
            when next_period is not null then {{ day_after('year_closed_on') }}
        end as known_until,
        -- A new entry (S) in a later year says that the child had left, not when.
        case
            when end_date is not null then end_date > next_start_date
            else
                next_start_date <= year_closed_on
                or next_period is null
                or coalesce(next_reason_started_code, '') <> 'S'
        end
        and next_start_date is not null as runs_past_next,
        coalesce(
            reason_episode_ceased_code = 'X1'
            and {{ days_between('end_date', 'next_start_date') }}
            between 1 and {{ var('episode_gap_days') }}
            and coalesce(next_reason_started_code, '') <> 'S',
            false
        ) as has_short_gap
    from used

),

with_care_until as (

    select
        *,
        case when has_short_gap then next_start_date else end_date end as in_care_until
    from described

),

-- Grain: an episode whose cut at the next start would leave days of care to nobody: one of those
-- that begin later stops within it, the child did not leave, and none of them goes on.
not_to_cut as (

    select distinct outer_episode.report_id
    from with_care_until as outer_episode
    inner join with_care_until as stopping
        on outer_episode.la_code = stopping.la_code
        and outer_episode.child_id = stopping.child_id
        and outer_episode.next_start_date <= stopping.start_date
        and stopping.end_date is not null
        and not stopping.leaves_care
        and (
            outer_episode.known_until is null
            or outer_episode.known_until > stopping.in_care_until
        )
    left join with_care_until as going_on
        on stopping.la_code = going_on.la_code
        and stopping.child_id = going_on.child_id
        and stopping.report_id <> going_on.report_id
        and outer_episode.next_start_date <= going_on.start_date
        and stopping.in_care_until >= going_on.start_date
        and (going_on.in_care_until is null or stopping.in_care_until < going_on.in_care_until)
    where outer_episode.runs_past_next and going_on.report_id is null

),

-- What a later return says of an episode is not overruled by a neighbour from an earlier one.
with_cuts as (

    select
        with_care_until.*,
        with_care_until.runs_past_next
        and with_care_until.period_of_next >= with_care_until.period
        and not_to_cut.report_id is null as is_to_be_cut
    from with_care_until
    left join not_to_cut on with_care_until.report_id = not_to_cut.report_id

),

with_rule as (

    select
        *,
        case
            when ends_before_start then 'ends_before_start'
            when is_to_be_cut and end_date is null then 'closed_by_next_episode'
            when is_to_be_cut then 'overlap_cut_at_next_start'
            when end_date is null and next_period is not null then 'open_but_not_reported_again'
            when runs_past_next then 'overlap_not_cut'
            when has_short_gap then 'gap_after_x1_closed'
            when
                reason_episode_ceased_code = 'X1'
                and end_date is not null
                and (next_start_date is null or next_start_date > end_date)
                then 'x1_not_followed'
            when
                start_date > cast(received_at as date) or end_date > cast(received_at as date)
                then 'date_in_future'
        end as end_rule
    from with_cuts

),

with_end as (

    select
        *,
        case
            when
                end_rule in (
                    'closed_by_next_episode', 'overlap_cut_at_next_start', 'gap_after_x1_closed'
                )
                then next_start_date
            when end_rule = 'open_but_not_reported_again' then greatest(start_date, known_until)
            else end_date
        end as end_by_rule
    from with_rule

),

-- A child leaves care at 18, whatever the return says.
with_last_day as (

    select
        *,
        coalesce(
            turned_18_date < coalesce(end_by_rule, {{ day_after('turned_18_date') }}), false
        ) as ends_at_18
    from with_end

),

-- Grain: a reported episode, used or set aside.
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
        reports.set_aside_rule is null as is_used,
        coalesce(
            reports.set_aside_rule,
            case
                when with_last_day.ends_at_18 then 'ended_at_18th_birthday'
                else with_last_day.end_rule
            end
        ) as repair_rule,
        reports.start_date as reported_start_date,
        reports.end_date as reported_end_date,
        reports.start_date,
        case
            when reports.set_aside_rule is not null then reports.end_date
            when with_last_day.ends_at_18 then reports.turned_18_date
            else with_last_day.end_by_rule
        end as end_date
    from reports
    left join with_last_day on reports.report_id = with_last_day.report_id

)

select * from final
