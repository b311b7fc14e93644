{{ config(schema='staging', materialized='table') }}

with

episodes as (

    select * from {{ ref('int_episode_repair') }} where is_used

),

with_previous as (

    select
        *,
        lag(start_date) over (
            partition by la_code, child_id order by start_date
        ) as previous_start_date,
        lag(end_date) over (
            partition by la_code, child_id order by start_date
        ) as previous_end_date
    from episodes

),

-- Only L, a change of legal status alone, leaves the child in the same home; and only if the
-- episode before has no end or ends where this one begins.
with_beginnings as (

    select
        *,
        case
            when previous_start_date is null then 1
            when coalesce(reason_episode_started_code, '') <> 'L' then 1
            when {{ days_between('previous_end_date', 'start_date') }} > 1 then 1
            else 0
        end as begins_placement
    from with_previous

),

with_runs as (

    select
        *,
        sum(begins_placement) over (
            partition by la_code, child_id
            order by start_date
            rows between unbounded preceding and current row
        ) as run_number
    from with_beginnings

),

with_placement_start as (

    select
        *,
        min(start_date) over (partition by la_code, child_id, run_number) as placement_start_date
    from with_runs

),

final as (

    select
        {{ keyed_id(["'episode'", 'la_code', 'child_id', 'start_date']) }} as episode_id,
        {{ keyed_id(["'ssda903 placement'", 'la_code', 'child_id', 'placement_start_date']) }}
            as ssda903_placement_id,
        row_number() over (
            partition by la_code, child_id, run_number order by start_date
        ) as episode_in_placement,
        row_number() over (
            partition by la_code, child_id, run_number order by start_date desc
        ) = 1 as is_last_of_placement,
        la_code,
        period,
        submission_id,
        record_id,
        child_id,
        reason_episode_started_code,
        legal_status_code,
        category_of_need_code,
        place_code,
        place_provider_code,
        reason_episode_ceased_code,
        reason_place_change_code,
        home_district,
        placement_district,
        urn,
        provider_urn,
        placement_la_code,
        age_at_start,
        distance_miles,
        is_out_of_authority,
        repair_rule,
        reported_start_date,
        reported_end_date,
        start_date,
        end_date
    from with_placement_start

)

select * from final
