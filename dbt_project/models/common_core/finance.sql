with

returns as (

    select * from {{ ref('int_placement_return') }}

),

placements as (

    select * from {{ ref('placement') }}

),

costs as (

    select
        *,
        {{ keyed_id([
            'agreed_weekly_cost',
            'actual_weekly_cost',
            'core_weekly_cost',
            'additional_support_weekly_cost',
            'education_weekly_cost',
            'other_weekly_cost',
        ]) }} as cost_key,
        min(period) over (partition by placement_id) as first_period
    from returns
    where
        has_placement
        and coalesce(
            agreed_weekly_cost,
            actual_weekly_cost,
            core_weekly_cost,
            additional_support_weekly_cost,
            education_weekly_cost,
            other_weekly_cost
        ) is not null

),

-- No standard says when a cost changed: the first holds from the start of the placement, a later
-- one from the first day of the quarter that reports it, though not after the placement's end.
dated as (

    select
        costs.*,
        placements.end_date,
        case
            when costs.period = costs.first_period
                then coalesce(placements.start_date, {{ period_start('costs.period') }})
            else greatest(
                coalesce(placements.start_date, {{ period_start('costs.period') }}),
                least(
                    {{ period_start('costs.period') }},
                    coalesce(placements.end_date, {{ period_start('costs.period') }})
                )
            )
        end as valid_from
    from costs
    inner join placements on costs.placement_id = placements.id
    where placements.is_after_18 is not true

),

ordered as (

    select
        *,
        row_number() over (
            partition by placement_id, valid_from
            order by period desc, received_at desc nulls last, submission_id desc, record_id desc
        ) as report_order
    from dated

),

with_previous as (

    select
        *,
        lag(cost_key) over (partition by placement_id order by valid_from) as previous_cost_key
    from ordered
    where report_order = 1

),

-- Grain: a placement and a span over which its cost did not change.
final as (

    select
        {{ keyed_id(["'finance'", 'placement_id', 'valid_from']) }} as id,
        la_code,
        placement_id,
        valid_from,
        coalesce(
            {{ day_before(
                'lead(valid_from) over (partition by placement_id order by valid_from)'
            ) }},
            end_date
        ) as valid_to,
        agreed_weekly_cost as total_planned_weekly_cost,
        agreed_weekly_cost,
        actual_weekly_cost,
        core_weekly_cost,
        additional_support_weekly_cost,
        education_weekly_cost,
        other_weekly_cost,
        cost_date
    from with_previous
    where previous_cost_key is distinct from cost_key

)

select * from final
