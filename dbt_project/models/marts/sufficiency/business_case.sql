with

basis as (

    select * from {{ ref('int_business_case_basis') }}

),

scenarios as (

    select * from {{ ref('business_case_scenario') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- Grain: an option. Need and price as they may be shown: all else is worked out from these two.
shown as (

    select
        *,
        case
            when not is_too_few and searches > 0 then {{ beds_to_a_fifth('own_weeks_a_year') }}
        end as own_beds,
        {{ published_cost('weekly_price', 'price_children') }} as price_gbp
    from basis

),

-- Grain: an option and a case.
assumed as (

    select
        shown.*,
        authorities.la_name,
        authorities.is_synthetic,
        scenarios.scenario,
        cast(
            shown.own_beds * scenarios.own_need
            + {{ beds_to_a_fifth('(shown.other_weeks_a_year * scenarios.others_need)') }}
            as decimal(12, 1)
        ) as need_beds,
        cast(shown.price_gbp * scenarios.avoided_price as decimal(12, 2)) as avoided_gbp_per_week,
        cast(shown.running_cost_gbp_per_year * scenarios.own_cost as decimal(14, 2))
            as running_cost_gbp,
        cast(shown.staffing_gbp_per_year * scenarios.own_cost as decimal(14, 2)) as staffing_gbp
    from shown
    cross join scenarios
    inner join authorities on shown.la_code = authorities.la_code

),

-- Grain: an option, a case and a year of its life, from 0, the day on which it opens.
years as (

    select
        *,
        unnest(range(0, lifetime_years + 1)) as year
    from assumed

),

filled as (

    select
        * exclude (capital_gbp, running_cost_gbp, staffing_gbp),
        case when year = 0 then capital_gbp else 0 end as capital_gbp,
        case when year = 0 then 0 else running_cost_gbp end as running_cost_gbp,
        case when year = 0 then 0 else staffing_gbp end as staffing_gbp,
        case
            when year = 0 then 0
            else
                beds / 12.0 * (
                    {{ full_months('12 * year', 'ramp_up_months') }}
                    - {{ full_months('12 * (year - 1)', 'ramp_up_months') }}
                )
        end as beds_available,
        power(1 + {{ var('business_case_discount_rate') }}, -year) as discount_factor
    from years

),

occupied as (

    select
        *,
        case
            when need_beds is not null
                then
                    least(
                        cast(need_beds as double),
                        beds_available * {{ var('business_case_highest_occupancy') }}
                    )
        end as occupied_beds
    from filled

),

saved as (

    select
        *,
        cast(
            case
                when need_beds = 0 then 0
                else round(occupied_beds * 52 * avoided_gbp_per_week, 2)
            end as decimal(16, 2)
        ) as avoided_cost_gbp
    from occupied

),

valued as (

    select
        *,
        avoided_cost_gbp - running_cost_gbp - staffing_gbp - capital_gbp as net_benefit_gbp
    from saved

),

discounted as (

    select
        *,
        cast(round(net_benefit_gbp * discount_factor, 2) as decimal(16, 2)) as present_value_gbp
    from valued

),

final as (

    select
        la_code,
        la_name,
        is_synthetic,
        option,
        placement_type,
        scenario,
        cast(year as integer) as year,
        cast(opening_date + to_years(cast(year as integer)) as date) as until_date,
        beds,
        cast(beds_available as double) as beds_available,
        need_beds,
        occupied_beds,
        round(occupied_beds / beds, 4) as occupancy,
        occupied_beds * 364 as occupied_nights,
        avoided_gbp_per_week,
        avoided_cost_gbp,
        cast(running_cost_gbp as decimal(14, 2)) as running_cost_gbp,
        cast(staffing_gbp as decimal(14, 2)) as staffing_gbp,
        cast(capital_gbp as decimal(14, 2)) as capital_gbp,
        cast(net_benefit_gbp as decimal(16, 2)) as net_benefit_gbp,
        discount_factor,
        present_value_gbp,
        cast(
            sum(present_value_gbp) over (
                partition by option, scenario
                order by year
                rows between unbounded preceding and current row
            ) as decimal(18, 2)
        ) as present_value_so_far_gbp,
        is_too_few as is_suppressed,
        case
            when is_too_few
                then
                    'need_beds occupied_beds occupancy occupied_nights avoided_cost_gbp '
                    || 'net_benefit_gbp present_value_gbp present_value_so_far_gbp'
            else ''
        end as withheld
    from discounted

)

select * from final
