{{ config(schema='staging') }}

with

outcomes as (

    select * from {{ ref('int_search_outcome') }} where is_covered

),

coverage as (

    select * from {{ ref('coverage') }} where dataset = 'placements'

),

authorities as (

    select * from {{ ref('local_authority') }}

),

views as (

    select * from {{ ref('int_needs_view') }} where rung = 5 and axis in ('risks', 'support')

),

-- Grain: a search: the coarsest that its needs can be told in and still say something, so that an
-- authority has enough searches of each to show.
broad as (

    select
        referral_id,
        max(case when axis = 'risks' then value end) as risks,
        max(case when axis = 'support' then value end) as support
    from views
    group by referral_id

),

-- One row: the last quarters that any authority covers.
latest as (

    select
        {{ quarter_end_of('max(last_date)') }} as last_day,
        {{ months_before(
            day_after(quarter_end_of('max(last_date)')), 3 * var('need_quarters')
        ) }} as first_day
    from coverage

),

-- Grain: a search of these quarters.
recent as (

    select
        outcomes.* replace (
            -- Several or none: too few to stand in rows of their own.
            case
                when outcomes.recommended_type in ('several', 'not known') then 'no single type'
                else outcomes.recommended_type
            end as recommended_type
        ),
        authorities.is_synthetic,
        case
            when not outcomes.is_needs_known then 'Needs not known'
            else
                case when broad.risks = '0' then 'No marked risk' else 'Some risk' end
                || ', '
                || case when broad.support = '0' then 'standard' else 'more than standard' end
                || ' support'
        end as broad_needs,
        min(outcomes.quarter) over () as first_quarter,
        max(outcomes.quarter) over () as last_quarter
    from outcomes
    inner join latest
        on outcomes.referral_date >= latest.first_day
        and outcomes.referral_date <= latest.last_day
    inner join authorities on outcomes.la_code = authorities.la_code
    left join broad on outcomes.referral_id = broad.referral_id

),

-- Grain: a search and period: its quarter, and all the quarters together.
final as (

    select
        * exclude (first_quarter, last_quarter),
        'quarter' as period_kind,
        quarter as first_quarter,
        quarter as last_quarter
    from recent
    union all by name
    select
        *,
        'latest' as period_kind
    from recent

)

select * from final
