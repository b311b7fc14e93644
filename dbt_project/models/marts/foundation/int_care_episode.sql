{{ config(schema='staging', materialized='table') }}

with

episodes as (

    select
        *,
        coalesce(place_code like 'T%', false) as is_temporary
    from {{ ref('episode') }}
    where not is_short_break

),

-- An end before the start is of no night: it says nothing of where the child was.
possible as (

    select * from episodes where coalesce(end_date >= start_date, true)

),

-- A temporary absence has no home.
with_home as (

    select
        id,
        la_code,
        child_id,
        start_date,
        end_date,
        reason_episode_started_code,
        is_temporary,
        case
            when not is_temporary then
                {{ keyed_id([
                    'place_code', 'provider_urn', 'placement_district', 'placement_la_code'
                ]) }}
        end as home
    from possible

),

with_earlier as (

    select
        *,
        max(coalesce(end_date, date '9999-12-31')) over (
            partition by la_code, child_id
            order by start_date
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date,
        lag(is_temporary) over same_child as is_after_absence,
        lag(home ignore nulls) over same_child as previous_home
    from with_home
    window same_child as (partition by la_code, child_id order by start_date)

),

-- Care begins with S (started to be looked after), or where no episode adjoins before. Within it
-- the child stays in one home if only the legal status changed (L), or the placement but not the
-- carers (T, U); and if it comes back from a temporary absence to the home that it had left.
numbered as (

    select
        *,
        sum(
            case
                when earlier_end_date is null or reason_episode_started_code = 'S' then 1
                when {{ days_between('earlier_end_date', 'start_date') }} > 1 then 1
                else 0
            end
        ) over until_now as care_number,
        sum(
            case
                when is_temporary then 0
                when is_after_absence and home = previous_home then 0
                when not is_after_absence and reason_episode_started_code in ('L', 'T', 'U') then 0
                else 1
            end
        ) over until_now as stay_number
    from with_earlier
    window
        until_now as (
            partition by la_code, child_id
            order by start_date
            rows between unbounded preceding and current row
        )

),

-- Grain: a continuous period of care.
care as (

    select
        la_code,
        child_id,
        care_number,
        {{ keyed_id(["'care'", 'la_code', 'child_id', 'min(start_date)']) }} as care_id,
        min(start_date) as care_start_date,
        nullif(max(coalesce(end_date, date '9999-12-31')), date '9999-12-31') as care_end_date
    from numbered
    group by la_code, child_id, care_number

),

-- Grain: a stay in one home.
stays as (

    select
        la_code,
        child_id,
        care_number,
        stay_number,
        {{ keyed_id(["'stay'", 'la_code', 'child_id', 'min(start_date)']) }} as stay_id,
        min(start_date) as stay_start_date,
        nullif(max(coalesce(end_date, date '9999-12-31')), date '9999-12-31') as stay_end_date
    from numbered
    where not is_temporary
    group by la_code, child_id, care_number, stay_number

),

-- Grain: an episode, short breaks left out.
final as (

    select
        episodes.id as episode_id,
        episodes.la_code,
        episodes.child_id,
        care.care_id,
        stays.stay_id,
        episodes.placement_id,
        episodes.placement_type,
        episodes.repair_rule,
        episodes.is_temporary,
        coalesce(numbered.earlier_end_date > numbered.start_date, false) as is_overlapping,
        episodes.age_at_start,
        episodes.start_date,
        episodes.end_date,
        care.care_start_date,
        care.care_end_date,
        stays.stay_start_date,
        stays.stay_end_date
    from possible as episodes
    inner join numbered on episodes.id = numbered.id
    inner join care
        on numbered.la_code = care.la_code
        and numbered.child_id = care.child_id
        and numbered.care_number = care.care_number
    left join stays
        on numbered.la_code = stays.la_code
        and numbered.child_id = stays.child_id
        and numbered.care_number = stays.care_number
        and numbered.stay_number = stays.stay_number
        and not numbered.is_temporary

)

select * from final
