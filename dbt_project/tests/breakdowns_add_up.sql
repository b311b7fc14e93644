-- Totals of the exact measures that their age bands or types of placement do not add up to: the
-- published ones are withheld on the ground that they do.
select
    area_level,
    la_code,
    quarter,
    breakdown,
    max(placements_in_total) as placements_in_total,
    sum(placements_started) as placements_found,
    max(ended_in_total) as ended_in_total,
    sum(placements_ended) as ended_found,
    max(came_in_total) as came_in_total,
    sum(entrants) as came_found
from (
    select
        parts.*,
        totals.placements_started as placements_in_total,
        totals.placements_ended as ended_in_total,
        totals.entrants as came_in_total
    from {{ ref('int_placement_count') }} as totals
    inner join {{ ref('int_placement_count') }} as parts
        on totals.area_level = parts.area_level
        and totals.la_code is not distinct from parts.la_code
        and totals.quarter = parts.quarter
        and totals.period = parts.period
    where totals.breakdown = 'total' and parts.breakdown <> 'total'
) as compared
group by area_level, la_code, quarter, breakdown
having
    max(placements_in_total) <> sum(placements_started)
    or max(ended_in_total) <> sum(placements_ended)
    or max(came_in_total) <> sum(entrants)
