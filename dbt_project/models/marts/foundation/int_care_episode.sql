{{ config(schema='staging', materialized='table') }}

with

episodes as (

    select
        *,
        coalesce(place_code like 'T%', false) as is_temporary
    from {{ ref('episode') }}
    where not is_short_break

),

with_earlier as (

    select
        *,
        max(coalesce(end_date, date '9999-12-31')) over (
            partition by la_code, child_id
            order by start_date
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date,
        lag(is_temporary) over (
            partition by la_code, child_id order by start_date
        ) as is_after_absence
    from episodes

),

-- Care begins with S (started to be looked after), or where no episode adjoins before.
with_care as (

    select
        *,
        sum(
            case
                when earlier_end_date is null or reason_episode_started_code = 'S' then 1
                when {{ days_between('earlier_end_date', 'start_date') }} > 1 then 1
                else 0
            end
        ) over (
            partition by la_code, child_id
            order by start_date
            rows between unbounded preceding and current row
        ) as care_number
    from with_earlier

),

-- Grain: a continuous period of care.
care as (

    select
        la_code,
        child_id,
        care_number,
        min(start_date) as care_start_date,
        nullif(max(coalesce(end_date, date '9999-12-31')), date '9999-12-31') as care_end_date
    from with_care
    group by la_code, child_id, care_number

),

with_home_before as (

    select
        *,
        lag(id) over same_care as previous_id,
        lag(place_code) over same_care as previous_place_code,
        lag(provider_urn) over same_care as previous_provider_urn,
        lag(placement_district) over same_care as previous_district,
        lag(placement_la_code) over same_care as previous_placement_la_code
    from with_care
    where not is_temporary
    window same_care as (partition by la_code, child_id, care_number order by start_date)

),

-- The child stays in one home if only the legal status changed (L), or the placement but not the
-- carers (T, U); and if it comes back from a temporary absence to the home that it had left.
with_stay as (

    select
        *,
        sum(
            case
                when previous_id is null then 1
                when
                    is_after_absence
                    and place_code is not distinct from previous_place_code
                    and provider_urn is not distinct from previous_provider_urn
                    and placement_district is not distinct from previous_district
                    and placement_la_code is not distinct from previous_placement_la_code
                    then 0
                when not is_after_absence and reason_episode_started_code in ('L', 'T', 'U') then 0
                else 1
            end
        ) over (
            partition by la_code, child_id, care_number
            order by start_date
            rows between unbounded preceding and current row
        ) as stay_number
    from with_home_before

),

-- Grain: a stay in one home.
stays as (

    select
        la_code,
        child_id,
        care_number,
        stay_number,
        min(start_date) as stay_start_date,
        nullif(max(coalesce(end_date, date '9999-12-31')), date '9999-12-31') as stay_end_date
    from with_stay
    group by la_code, child_id, care_number, stay_number

),

-- Grain: an episode, short breaks left out.
final as (

    select
        with_care.id as episode_id,
        with_care.la_code,
        with_care.child_id,
        {{ keyed_id([
            "'care'", 'with_care.la_code', 'with_care.child_id', 'care.care_start_date'
        ]) }} as care_id,
        case
            when stays.stay_number is not null then
                {{ keyed_id([
                    "'stay'", 'with_care.la_code', 'with_care.child_id', 'stays.stay_start_date'
                ]) }}
        end as stay_id,
        with_care.placement_id,
        with_care.placement_type,
        with_care.repair_rule,
        with_care.is_temporary,
        with_care.age_at_start,
        with_care.start_date,
        with_care.end_date,
        care.care_start_date,
        care.care_end_date,
        stays.stay_start_date,
        stays.stay_end_date
    from with_care
    inner join care
        on with_care.la_code = care.la_code
        and with_care.child_id = care.child_id
        and with_care.care_number = care.care_number
    left join with_stay on with_care.id = with_stay.id
    left join stays
        on with_stay.la_code = stays.la_code
        and with_stay.child_id = stays.child_id
        and with_stay.care_number = stays.care_number
        and with_stay.stay_number = stays.stay_number

)

select * from final
