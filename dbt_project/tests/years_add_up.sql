-- Years of the exact measures that their four quarters do not add up to. What is known of care
-- needs all four: children in care are those of the last one.
with

counts as (

    select
        *,
        {{ quarter_number('quarter') }} as quarter_number
    from {{ ref('int_placement_count') }}
    where breakdown = 'total'

)

select
    years.area_name,
    years.quarter,
    max(years.placements_started) as placements_in_year,
    sum(quarters.placements_started) as placements_found,
    max(years.entrants) as came_in_year,
    sum(quarters.entrants) as came_found
from counts as years
left join counts as quarters
    on years.la_code = quarters.la_code
    and quarters.period = 'quarter'
    and years.quarter_number - 4 < quarters.quarter_number
    and years.quarter_number >= quarters.quarter_number
where years.period = 'year' and years.area_level = 'authority'
group by years.area_name, years.quarter
having
    max(years.placements_started) <> sum(quarters.placements_started)
    or max(years.authorities_with_ssda903)
    <> case when sum(quarters.authorities_with_ssda903) = 4 then 1 else 0 end
    or max(years.entrants) <> case
        when sum(quarters.authorities_with_ssda903) = 4 then sum(quarters.entrants) else 0
    end
    or max(years.children_at_quarter_end) <> case
        when sum(quarters.authorities_with_ssda903) = 4
            then max(
                case
                    when quarters.quarter = years.quarter then quarters.children_at_quarter_end
                end
            )
        else 0
    end
