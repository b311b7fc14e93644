{{ config(schema='staging', materialized='table') }}

with

care_episodes as (

    select * from {{ ref('int_care_episode') }}

),

children as (

    select * from {{ ref('child') }}

),

coverage as (

    select * from {{ ref('coverage') }} where dataset = 'ssda903'

),

quarter_ends as (

    select
        *,
        {{ quarter_ends_between('first_date', 'last_date') }} as quarter_end_date
    from coverage

),

-- Grain: an authority's quarter end and an episode that holds it. Where two do, which the returns
-- cannot decide, the child is in the one that began later: it is one child all the same.
holding as (

    select
        quarter_ends.quarter_end_date,
        care_episodes.*,
        row_number() over (
            partition by
                care_episodes.la_code, care_episodes.child_id, quarter_ends.quarter_end_date
            order by care_episodes.start_date desc
        ) as holding_order
    from quarter_ends
    inner join care_episodes
        on quarter_ends.la_code = care_episodes.la_code
        and quarter_ends.quarter_end_date >= care_episodes.start_date
        and quarter_ends.quarter_end_date
        < coalesce(care_episodes.end_date, {{ day_after('quarter_ends.quarter_end_date') }})
    where quarter_ends.quarter_end_date <= quarter_ends.last_date

),

looked_after as (

    select * from holding where holding_order = 1

),

-- Who is in a temporary absence is counted in the home that it left, if it had one in this care.
homes_left as (

    select
        looked_after.episode_id,
        looked_after.quarter_end_date,
        homes.episode_id as home_episode_id,
        row_number() over (
            partition by looked_after.episode_id, looked_after.quarter_end_date
            order by homes.start_date desc
        ) as home_order
    from looked_after
    inner join care_episodes as homes
        on looked_after.care_id = homes.care_id
        and looked_after.start_date > homes.start_date
    where looked_after.is_temporary and not homes.is_temporary

),

latest_homes_left as (

    select * from homes_left where home_order = 1

),

-- Grain: a child looked after at the end of a quarter that the returns cover.
final as (

    select
        looked_after.la_code,
        looked_after.child_id,
        looked_after.quarter_end_date,
        {{ quarter_of('looked_after.quarter_end_date') }} as quarter,
        looked_after.care_id,
        looked_after.care_start_date,
        looked_after.is_temporary as is_in_absence,
        homes.episode_id as home_episode_id,
        homes.stay_id,
        homes.stay_start_date,
        homes.placement_type,
        {{ age_at_month_end('children.birth_month', 'looked_after.quarter_end_date') }} as age
    from looked_after
    left join latest_homes_left
        on looked_after.episode_id = latest_homes_left.episode_id
        and looked_after.quarter_end_date = latest_homes_left.quarter_end_date
    inner join care_episodes as homes
        on coalesce(latest_homes_left.home_episode_id, looked_after.episode_id) = homes.episode_id
    inner join children
        on looked_after.la_code = children.la_code
        and looked_after.child_id = children.id

)

select * from final
