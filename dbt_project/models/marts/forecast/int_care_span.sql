{{ config(schema='staging', materialized='table') }}

with

care_episodes as (

    select * from {{ ref('int_care_episode') }}

),

placements as (

    select * from {{ ref('placement') }}

),

children as (

    select * from {{ ref('child') }}

),

forecast_types as (

    select * from {{ ref('forecast_type') }}

),

settings as (

    select max(as_of_date) as as_of_date from {{ ref('stg_hub__forecast_setting') }}

),

-- As of a day, what began later does not exist and what ended later is open.
known as (

    select
        care_episodes.episode_id,
        care_episodes.la_code,
        care_episodes.child_id,
        care_episodes.care_id,
        care_episodes.placement_id,
        care_episodes.is_temporary,
        care_episodes.is_overlapping,
        care_episodes.care_start_date,
        care_episodes.start_date,
        case
            when care_episodes.end_date <= coalesce(settings.as_of_date, care_episodes.end_date)
                then care_episodes.end_date
        end as end_date,
        children.birth_month,
        coalesce(placements.provider_sector, 'unknown') as provider_sector,
        coalesce(forecast_types.placement_type, 'other') as placement_type,
        coalesce(forecast_types.forecast_type, 'other') as forecast_type,
        forecast_types.forecast_type is null as is_type_unmapped
    from care_episodes
    cross join settings
    inner join children on care_episodes.child_id = children.id
    left join placements on care_episodes.placement_id = placements.id
    left join forecast_types on care_episodes.placement_type = forecast_types.placement_type
    where care_episodes.start_date <= coalesce(settings.as_of_date, care_episodes.start_date)

),

-- An absence has the number of the home before it; one before any home that of the first.
numbered as (

    select
        *,
        greatest(
            count(case when not is_temporary then 1 end) over (
                partition by care_id
                order by start_date
                rows between unbounded preceding and current row
            ),
            1
        ) as home_number
    from known

),

homes as (

    select
        care_id,
        home_number,
        placement_type,
        forecast_type,
        provider_sector,
        is_type_unmapped
    from numbered
    where not is_temporary

),

-- Grain: an episode, with the type and sector of the home that it is counted in.
episodes as (

    select
        numbered.* exclude (placement_type, forecast_type, provider_sector, is_type_unmapped),
        coalesce(homes.placement_type, numbered.placement_type) as placement_type,
        coalesce(homes.forecast_type, numbered.forecast_type) as forecast_type,
        coalesce(homes.provider_sector, numbered.provider_sector) as provider_sector,
        coalesce(homes.is_type_unmapped, numbered.is_type_unmapped) as is_type_unmapped
    from numbered
    left join homes
        on numbered.care_id = homes.care_id
        and numbered.home_number = homes.home_number
        and numbered.is_temporary

),

-- Few children have episodes that overlap: theirs alone are cut into spans.
overlapping_children as (

    select distinct child_id from episodes where is_overlapping

),

overlapping as (

    select episodes.*
    from episodes
    inner join overlapping_children on episodes.child_id = overlapping_children.child_id

),

-- Grain: a child and a day on which one of its episodes begins or ends.
bounds as (

    select
        child_id,
        start_date as from_date
    from overlapping
    union
    select
        child_id,
        end_date as from_date
    from overlapping
    where end_date is not null

),

between_bounds as (

    select
        *,
        lead(from_date) over (partition by child_id order by from_date) as to_date
    from bounds

),

held as (

    select
        overlapping.*,
        between_bounds.from_date,
        between_bounds.to_date,
        row_number() over (
            partition by overlapping.child_id, between_bounds.from_date
            order by overlapping.start_date desc
        ) as holder_order
    from between_bounds
    inner join overlapping
        on between_bounds.child_id = overlapping.child_id
        and between_bounds.from_date >= overlapping.start_date
        and between_bounds.from_date
        < coalesce(overlapping.end_date, {{ day_after('between_bounds.from_date') }})

),

-- Grain: a span of days of a child in one episode.
spans as (

    select
        episodes.*,
        episodes.start_date as from_date,
        episodes.end_date as to_date
    from episodes
    left join overlapping_children on episodes.child_id = overlapping_children.child_id
    where
        overlapping_children.child_id is null
        and episodes.start_date
        < coalesce(episodes.end_date, {{ day_after('episodes.start_date') }})
    union all by name
    select * exclude (holder_order) from held where holder_order = 1

),

final as (

    select
        episode_id,
        la_code,
        child_id,
        care_id,
        placement_id,
        placement_type,
        forecast_type,
        is_type_unmapped,
        provider_sector,
        birth_month,
        care_start_date,
        from_date,
        to_date
    from spans

)

select * from final
