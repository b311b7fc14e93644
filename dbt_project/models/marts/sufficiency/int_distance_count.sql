{{ config(schema='staging') }}

with

placements as (

    select * from {{ ref('int_placement_begun') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: a number of miles.
steps as (

    select unnest([0, 2, 5, 10, 20, 30, 50, 100]) as miles

),

-- Grain: the last quarter that `placement_measures` knows.
last_quarters as (

    select max(quarter) as last_quarter from {{ ref('int_placement_count') }}

),

-- Grain: a placement of the year with a known distance.
measured as (

    select
        placements.la_code,
        placements.distance_miles,
        last_quarters.last_quarter,
        authorities.is_synthetic
    from placements
    inner join authorities on placements.la_code = authorities.la_code
    inner join last_quarters
        on {{ quarter_number('placements.quarter') }}
        > {{ quarter_number('last_quarters.last_quarter') }} - 4
        and placements.quarter <= last_quarters.last_quarter
    where placements.distance_miles is not null

),

-- Grain: an authority or the region (no authority), and a number of miles.
final as (

    select
        measured.la_code,
        steps.miles,
        max(measured.last_quarter) as last_quarter,
        max(case when measured.is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        count(distinct measured.la_code) as authorities,
        count(*) as distance_known,
        {{ count_where('measured.distance_miles <= steps.miles') }} as within
    from measured
    cross join steps
    group by grouping sets ((measured.la_code, steps.miles), (steps.miles))

)

select * from final
