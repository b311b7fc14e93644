with

episodes as (

    select * from {{ ref('int_episode_run') }}

),

matches as (

    select * from {{ ref('int_placement_match') }}

),

placement_types as (

    select * from {{ ref('placement_type_map') }} where source = 'ssda903'

),

-- Grain: an episode; each belongs to one placement.
final as (

    select
        episodes.episode_id as id,
        episodes.la_code,
        episodes.child_id,
        matches.placement_id,
        episodes.period as collection_year,
        episodes.start_date,
        episodes.end_date,
        episodes.reported_start_date,
        episodes.reported_end_date,
        episodes.repair_rule,
        episodes.reason_episode_started_code,
        episodes.legal_status_code,
        episodes.category_of_need_code,
        episodes.place_code,
        placement_types.common_core_value as placement_type,
        episodes.place_provider_code,
        episodes.reason_episode_ceased_code,
        episodes.reason_place_change_code,
        episodes.urn,
        episodes.provider_urn,
        episodes.home_district,
        episodes.placement_district,
        episodes.placement_la_code,
        episodes.age_at_start,
        episodes.distance_miles,
        episodes.is_out_of_authority,
        coalesce(episodes.legal_status_code in ('V3', 'V4'), false) as is_short_break
    from episodes
    left join matches on episodes.ssda903_placement_id = matches.ssda903_placement_id
    left join placement_types on episodes.place_code = placement_types.source_code

)

select * from final
