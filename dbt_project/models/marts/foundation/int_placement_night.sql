{{ config(schema='staging', materialized='table') }}

with

placements as (

    select
        id,
        la_code,
        child_id,
        source,
        start_date,
        counted_to_date
    from {{ ref('fct_placement') }}
    where nights > 0

),

numbered as (

    select
        *,
        max(counted_to_date) over (
            partition by la_code, child_id
            order by start_date, id
            rows between unbounded preceding and 1 preceding
        ) > start_date as is_overlapping
    from placements

),

-- Few children are in two placements at once: theirs alone are cut into spans.
overlapping_children as (

    select distinct
        la_code,
        child_id
    from numbered
    where is_overlapping

),

overlapping as (

    select placements.*
    from placements
    inner join overlapping_children
        on placements.la_code = overlapping_children.la_code
        and placements.child_id = overlapping_children.child_id

),

-- Grain: a child and a day on which one of its placements begins or ends.
bounds as (

    select
        la_code,
        child_id,
        start_date as from_date
    from overlapping
    union
    select
        la_code,
        child_id,
        counted_to_date as from_date
    from overlapping

),

between_bounds as (

    select
        *,
        lead(from_date) over (partition by la_code, child_id order by from_date) as to_date
    from bounds

),

-- A child has each night in one home: as SSDA903 has it before the return, the later one before the
-- earlier.
held as (

    select
        overlapping.*,
        between_bounds.from_date,
        between_bounds.to_date,
        row_number() over (
            partition by overlapping.la_code, overlapping.child_id, between_bounds.from_date
            order by
                case when overlapping.source = 'placement_return' then 1 else 0 end asc,
                overlapping.start_date desc,
                overlapping.id asc
        ) as holder_order
    from between_bounds
    inner join overlapping
        on between_bounds.la_code = overlapping.la_code
        and between_bounds.child_id = overlapping.child_id
        and between_bounds.from_date >= overlapping.start_date
        and between_bounds.from_date < overlapping.counted_to_date

),

-- Grain: a span of nights of a placement.
final as (

    select
        placements.id as placement_id,
        placements.start_date as from_date,
        placements.counted_to_date as to_date
    from placements
    left join overlapping_children
        on placements.la_code = overlapping_children.la_code
        and placements.child_id = overlapping_children.child_id
    where overlapping_children.child_id is null
    union all
    select
        id as placement_id,
        from_date,
        to_date
    from held
    where holder_order = 1

)

select * from final
