{{ config(schema='staging') }}

with

axes as (

    select * from {{ ref('needs_axis') }}

),

levels as (

    select * from {{ ref('int_needs_axis') }}

),

-- Grain: a search and an axis, kinds of risk among them; unknown only where no kind is known.
with_kinds as (

    select
        referral_id,
        la_code,
        child_id,
        axis,
        level
    from levels
    union all
    select
        referral_id,
        la_code,
        child_id,
        'risks' as axis,
        sum(case when level > 0 then 1 when level = 0 then 0 end) as level
    from levels
    where is_risk
    group by referral_id, la_code, child_id

),

-- Grain: a rung of the ladder and an axis that it looks at.
views as (

    {% for rung in range(1, 7) %}
    select
        {{ rung }} as rung,
        axis,
        axis_order,
        view_{{ rung }} as view
    from axes
    where view_{{ rung }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Grain: a search, a rung and an axis that the rung looks at.
final as (

    select
        with_kinds.referral_id,
        with_kinds.la_code,
        with_kinds.child_id,
        views.rung,
        views.axis,
        views.axis_order,
        views.view,
        case
            when with_kinds.level is null then '?'
            when views.view = 'level' then cast(with_kinds.level as varchar)
            when views.view = 'any' then case when with_kinds.level > 0 then '1' else '0' end
            when views.view = 'high' then case when with_kinds.level > 1 then '2' else '0' end
            when views.view = 'only known' then '+'
        end as value
    from with_kinds
    inner join views on with_kinds.axis = views.axis

)

select * from final
