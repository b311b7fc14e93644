{{ config(schema='staging', materialized='table') }}

with

placements as (

    select * from {{ ref('placement') }}

),

care_episodes as (

    select * from {{ ref('int_care_episode') }}

),

last_days as (

    select
        la_code,
        max(last_date) as last_date
    from {{ ref('coverage') }}
    group by la_code

),

-- An absence belongs to the home that the child had left; one before any home to the first of that
-- period of care.
with_home as (

    select
        placement_id,
        episode_id,
        start_date,
        coalesce(
            case when not is_temporary then placement_id end,
            last_value(case when not is_temporary then placement_id end ignore nulls) over (
                partition by care_id
                order by start_date, episode_id
                rows between unbounded preceding and current row
            ),
            first_value(case when not is_temporary then placement_id end ignore nulls) over (
                partition by care_id
                order by start_date, episode_id
                rows between current row and unbounded following
            )
        ) as home_placement_id
    from care_episodes

),

first_episodes as (

    select
        *,
        row_number() over (
            partition by placement_id order by start_date, episode_id
        ) as episode_order
    from with_home

),

-- Grain: a placement that is part of a stay with one carer: the stay of its first episode.
stays as (

    select
        placement_id,
        stay_id,
        row_number() over (
            partition by placement_id order by start_date, episode_id
        ) as episode_order
    from care_episodes
    where stay_id is not null

),

-- Grain: a placement.
with_stay as (

    select
        placements.id as placement_id,
        placements.la_code,
        placements.child_id,
        coalesce(stays.stay_id, homes.id) as home_id,
        coalesce(homes.placement_type, 'unknown') as placement_type,
        homes.provider_sector,
        homes.provider_urn,
        homes.id <> placements.id as is_absence,
        placements.start_date,
        placements.age_at_start,
        least(placements.end_date, last_days.last_date) as last_date
    from placements
    left join first_episodes
        on placements.id = first_episodes.placement_id
        and first_episodes.episode_order = 1
    inner join placements as homes
        on coalesce(first_episodes.home_placement_id, placements.id) = homes.id
    left join stays
        on homes.id = stays.placement_id
        and stays.episode_order = 1
    left join last_days on placements.la_code = last_days.la_code

),

-- With one carer the stay begins with its first placement.
with_start as (

    select
        * exclude (start_date, age_at_start, last_date),
        min(start_date) over of_home as home_start_date,
        first_value(age_at_start) over (
            partition by home_id order by start_date nulls last, placement_id
        ) as age_at_start,
        max(last_date) over of_home as home_last_date
    from with_stay
    window of_home as (partition by home_id)

),

final as (

    select
        * exclude (age_at_start),
        {{ age_band('age_at_start') }} as age_band,
        ln(
            30.0 + coalesce(
                greatest({{ days_between('home_start_date', 'home_last_date') }}, 0), 0
            )
        ) as log_days
    from with_start

)

select * from final
