{% set cases = ['low', 'central', 'high'] %}
{% set highest_occupancy = var('business_case_highest_occupancy') %}

with

years as (

    select * from {{ ref('business_case') }}

),

basis as (

    select * from {{ ref('int_business_case_basis') }}

),

scenarios as (

    select * from {{ ref('business_case_scenario') }}

),

-- Grain: an option and a case. It is paid back from the year on in which what it was worth so far
-- is never again below nothing.
cases as (

    select
        option,
        scenario,
        max(need_beds) as need_beds,
        max(avoided_gbp_per_week) as avoided_gbp_per_week,
        case when count(*) = count(present_value_gbp) then sum(present_value_gbp) end as npv,
        max(case when present_value_so_far_gbp < 0 then year end) as last_year_below,
        max(year) as last_year,
        sum((running_cost_gbp + staffing_gbp + capital_gbp) * discount_factor) as costs_gbp,
        sum(beds_available * 52 * discount_factor) as bed_weeks
    from years
    group by option, scenario

),

-- Grain: an option.
side_by_side as (

    select
        option,
        {% for scenario in cases %}
        max(case when scenario = '{{ scenario }}' then need_beds end) as need_beds_{{ scenario }},
        max(case when scenario = '{{ scenario }}' then npv end) as npv_{{ scenario }},
        {% endfor %}
        max(case when scenario = 'central' then avoided_gbp_per_week end) as avoided_gbp_per_week,
        max(
            case
                when scenario = 'central' and npv is not null and last_year_below is null then 0
                when scenario = 'central' and last_year_below < last_year then last_year_below + 1
            end
        ) as payback_years,
        max(case when scenario = 'central' then costs_gbp / bed_weeks end) as gbp_per_bed_week,
        max(
            case
                when scenario = 'central'
                    then costs_gbp / nullif(avoided_gbp_per_week * bed_weeks, 0)
            end
        ) as break_even_occupancy
    from cases
    group by option

),

-- Grain: one row: what each future draws from.
ranges as (

    select
        {% for scenario in cases %}
        max(case when scenario = '{{ scenario }}' then avoided_price end) as price_{{ scenario }},
        max(case when scenario = '{{ scenario }}' then own_cost end) as cost_{{ scenario }},
        {% endfor %}
        count(*) as scenarios
    from scenarios

),

futures as (

    select unnest(range(1, {{ var('business_case_futures') }} + 1)) as future

),

numbers as (

    select
        side_by_side.*,
        futures.future,
        {{ uniform_of(["'need'", 'side_by_side.option', 'futures.future']) }} as need_number,
        {{ uniform_of(["'price'", 'side_by_side.option', 'futures.future']) }} as price_number,
        {{ uniform_of(["'cost'", 'side_by_side.option', 'futures.future']) }} as cost_number
    from side_by_side
    cross join futures

),

-- Grain: an option and a future.
drawn as (

    select
        numbers.option,
        numbers.future,
        {{ triangular(
            'numbers.need_number',
            'cast(numbers.need_beds_low as double)',
            'cast(numbers.need_beds_central as double)',
            'cast(numbers.need_beds_high as double)',
        ) }} as need_beds,
        numbers.avoided_gbp_per_week * {{ triangular(
            'numbers.price_number', 'ranges.price_low', 'ranges.price_central', 'ranges.price_high'
        ) }} as avoided_gbp_per_week,
        {{ triangular(
            'numbers.cost_number', 'ranges.cost_low', 'ranges.cost_central', 'ranges.cost_high'
        ) }} as own_cost
    from numbers
    cross join ranges
    -- least() and greatest() take null for nothing: where the need is not shown nothing is drawn.
    where numbers.need_beds_central is not null

),

-- Grain: an option, a future and a year.
future_years as (

    select
        drawn.option,
        drawn.future,
        years.discount_factor
        * (
            case
                when drawn.need_beds = 0 then 0
                else
                    least(drawn.need_beds, years.beds_available * {{ highest_occupancy }})
                    * 52 * drawn.avoided_gbp_per_week
            end
            - drawn.own_cost * case
                when years.year > 0
                    then basis.running_cost_gbp_per_year + basis.staffing_gbp_per_year
                else 0
            end
            - years.capital_gbp
        ) as present_value
    from drawn
    inner join years on drawn.option = years.option and years.scenario = 'central'
    inner join basis on drawn.option = basis.option

),

worths as (

    select
        option,
        future,
        case when count(*) = count(present_value) then round(sum(present_value)) end as npv
    from future_years
    group by option, future

),

-- Grain: an option.
simulated as (

    select
        option,
        {{ percentile('npv', 0.1) }} as npv_lower,
        {{ percentile('npv', 0.9) }} as npv_upper,
        avg(case when npv > 0 then 1.0 when npv <= 0 then 0.0 end) as chance
    from worths
    group by option

),

areas as (

    select
        option,
        la_name,
        is_synthetic
    from years
    group by option, la_name, is_synthetic

),

-- Grain: an option.
joined as (

    select
        basis.*,
        areas.la_name,
        areas.is_synthetic,
        side_by_side.need_beds_low,
        side_by_side.need_beds_central,
        side_by_side.need_beds_high,
        side_by_side.npv_low,
        side_by_side.npv_central,
        side_by_side.npv_high,
        side_by_side.payback_years,
        side_by_side.break_even_occupancy,
        side_by_side.gbp_per_bed_week / {{ highest_occupancy }} as own_gbp_per_week,
        simulated.npv_lower,
        simulated.npv_upper,
        simulated.chance,
        {{ published_cost('basis.weekly_price', 'basis.price_children') }} as avoided_gbp_per_week,
        {{ published_cost('basis.type_price', 'basis.type_children') }} as type_gbp_per_week,
        side_by_side.need_beds_central
        >= basis.beds * {{ highest_occupancy }} as is_filled
    from basis
    inner join areas on basis.option = areas.option
    inner join side_by_side on basis.option = side_by_side.option
    left join simulated on basis.option = simulated.option

),

final as (

    select
        la_code,
        la_name,
        is_synthetic,
        option,
        placement_type,
        beds,
        cast(capital_gbp as decimal(14, 2)) as capital_gbp,
        cast(running_cost_gbp_per_year as decimal(14, 2)) as running_cost_gbp_per_year,
        cast(staffing_gbp_per_year as decimal(14, 2)) as staffing_gbp_per_year,
        opening_date,
        ramp_up_months,
        lifetime_years,
        cast({{ var('business_case_discount_rate') }} as double) as discount_rate,
        cast({{ highest_occupancy }} as double) as highest_occupancy,
        covered_from_date,
        covered_to_date,
        need_beds_low,
        need_beds_central,
        need_beds_high,
        avoided_gbp_per_week,
        case price_basis
            when 'area' then 'children of the area whose need went unmet'
            when 'region' then 'children of the region whose need went unmet'
            when 'type' then 'all homes of this type in the region'
            else 'not known'
        end as avoided_cost_basis,
        cast(round(own_gbp_per_week) as bigint) as own_gbp_per_week,
        type_gbp_per_week,
        cast(round(npv_low) as bigint) as npv_low_gbp,
        cast(round(npv_central) as bigint) as npv_central_gbp,
        cast(round(npv_high) as bigint) as npv_high_gbp,
        cast(round(npv_lower) as bigint) as npv_lower_gbp,
        cast(round(npv_upper) as bigint) as npv_upper_gbp,
        round(chance, 4) as chance,
        cast(payback_years as integer) as payback_years,
        round(break_even_occupancy, 4) as break_even_occupancy,
        is_too_few as is_suppressed,
        case
            when is_too_few
                then
                    'need_beds_low need_beds_central need_beds_high npv_low_gbp npv_central_gbp '
                    || 'npv_high_gbp npv_lower_gbp npv_upper_gbp chance payback_years'
            else ''
        end as withheld,
        concat_ws(
            ' ',
            case
                when searches = 0
                    then
                        'The placement returns of ' || la_name
                        || ' tell of no search for a home: what is needed there is not known.'
                when is_too_few
                    then
                        'Too few children of ' || la_name
                        || ' went without such a home to show what it would be worth.'
                when own_children = 0
                    then
                        'No child of ' || la_name
                        || ' for whom this type alone was recommended went without it: in the '
                        || 'central case it stays empty.'
                when need_beds_central = 0
                    then
                        'The need of ' || la_name
                        || ' that went unmet would fill less than a tenth of a bed.'
                when is_filled
                    then
                        'The need of ' || la_name || ' that went unmet (about '
                        || cast(need_beds_central as varchar) || ' beds) would fill it.'
                else
                    'The need of ' || la_name || ' that went unmet would fill about '
                    || cast(need_beds_central as varchar) || ' of ' || cast(beds as varchar)
                    || ' beds.'
            end,
            case
                when price_basis = 'not known'
                    then
                        'What such children''s homes cost now is known of too few of them: there '
                        || 'is nothing to compare it with.'
                when price_basis = 'region'
                    then
                        'In the area too few prices are known: those of children of the region '
                        || 'whose need went unmet are taken.'
                when price_basis = 'type'
                    then
                        'Of children whose need went unmet too few prices are known: those of all '
                        || 'homes of this type in the region are taken.'
            end,
            case
                when break_even_occupancy > {{ highest_occupancy }}
                    then
                        'Even as full as it can be it would cost more than it saves: what these '
                        || 'children''s homes cost now is less. What a fitting home does for them '
                        || 'is not counted.'
            end,
            case
                when ramp_up_months > 12 * lifetime_years
                    then 'Its ramp-up is longer than its lifetime: it is never full.'
            end,
            case
                when opening_date <= covered_to_date
                    then
                        'It opens on a day that the returns already cover: children who live there '
                        || 'are not among those in need.'
            end
        ) as statement
    from joined

)

select * from final
