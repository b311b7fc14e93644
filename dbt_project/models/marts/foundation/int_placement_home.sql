{{ config(schema='staging', materialized='table') }}

with

placements as (

    select * from {{ ref('placement') }}

),

care_episodes as (

    select * from {{ ref('int_care_episode') }}

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
final as (

    select
        placements.id as placement_id,
        placements.la_code,
        placements.child_id,
        coalesce(stays.stay_id, homes.id) as home_id,
        coalesce(homes.placement_type, 'unknown') as placement_type,
        homes.provider_sector,
        homes.provider_urn,
        homes.id <> placements.id as is_absence
    from placements
    left join first_episodes
        on placements.id = first_episodes.placement_id
        and first_episodes.episode_order = 1
    inner join placements as homes
        on coalesce(first_episodes.home_placement_id, placements.id) = homes.id
    left join stays
        on homes.id = stays.placement_id
        and stays.episode_order = 1

)

select * from final
