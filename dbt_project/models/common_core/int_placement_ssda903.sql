{{ config(schema='staging', materialized='table') }}

with

episodes as (

    select * from {{ ref('int_episode_run') }}

),

placement_types as (

    select * from {{ ref('placement_type_map') }} where source = 'ssda903'

),

provider_sectors as (

    select * from {{ ref('provider_sector_map') }} where source = 'ssda903'

),

first_episodes as (

    select * from episodes where episode_in_placement = 1

),

last_episodes as (

    select * from episodes where is_last_of_placement

),

-- Grain: a placement. The home is as its first episode has it, the end as its last.
final as (

    select
        first_episodes.ssda903_placement_id,
        first_episodes.la_code,
        first_episodes.child_id,
        first_episodes.place_code,
        placement_types.common_core_value as placement_type,
        placement_types.placement_group,
        first_episodes.place_provider_code,
        provider_sectors.common_core_value as provider_sector,
        first_episodes.provider_urn,
        first_episodes.placement_district,
        first_episodes.placement_la_code,
        first_episodes.legal_status_code,
        last_episodes.reason_episode_ceased_code,
        last_episodes.reason_place_change_code,
        first_episodes.age_at_start,
        first_episodes.distance_miles,
        last_episodes.episode_in_placement as episodes,
        first_episodes.is_out_of_authority,
        coalesce(first_episodes.legal_status_code in ('V3', 'V4'), false) as is_short_break,
        first_episodes.start_date,
        last_episodes.end_date
    from first_episodes
    inner join last_episodes
        on first_episodes.ssda903_placement_id = last_episodes.ssda903_placement_id
    left join placement_types on first_episodes.place_code = placement_types.source_code
    left join provider_sectors
        on first_episodes.place_provider_code = provider_sectors.source_code

)

select * from final
