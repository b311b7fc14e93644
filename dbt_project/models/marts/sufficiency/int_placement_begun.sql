{{ config(schema='staging') }}

with

placements as (

    select * from {{ ref('fct_placement') }} where not is_short_break and not is_temporary

),

care_episodes as (

    select * from {{ ref('int_care_episode') }}

),

coverage as (

    select * from {{ ref('coverage') }}

),

-- What an authority's files do not cover is known only of placements that lasted into them:
-- quarters before the first period would show the long placements alone. A start after their last
-- day is a slip of the date.
covered as (

    select
        la_code,
        min(first_date) as first_date,
        max(last_date) as last_date
    from coverage
    group by la_code

),

-- Grain: a placement that SSDA903 knows, and whether it began a stay with other carers. A move with
-- the same carers (RNE T, U) goes on with the stay, and so does coming back from an absence. Where
-- its dates are impossible SSDA903 knows no stay, and only a return can say that one began.
of_ssda903 as (

    select
        placement_id,
        max(case when start_date = stay_start_date then 1 else 0 end) = 1 as begins_stay
    from care_episodes
    group by placement_id

),

final as (

    select placements.*
    from placements
    inner join covered
        on placements.la_code = covered.la_code
        and placements.start_date >= covered.first_date
        and placements.start_date <= covered.last_date
    left join of_ssda903 on placements.id = of_ssda903.placement_id
    where coalesce(of_ssda903.begins_stay, placements.source <> 'ssda903')

)

select * from final
