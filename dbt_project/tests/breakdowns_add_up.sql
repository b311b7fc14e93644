-- Totals of the measures that their age bands or types of placement do not add up to. Children are
-- not summed here: one child may come into care twice in a quarter, at two ages.
select
    area_level,
    la_code,
    quarter,
    breakdown,
    max(placements_in_total) as placements_in_total,
    sum(placements_started) as placements_found,
    max(ended_in_total) as ended_in_total,
    sum(placements_ended) as ended_found
from (
    select
        parts.*,
        totals.placements_started as placements_in_total,
        totals.placements_ended as ended_in_total
    from {{ ref('placement_measures') }} as totals
    inner join {{ ref('placement_measures') }} as parts
        on totals.area_level = parts.area_level
        and totals.area_name = parts.area_name
        and totals.quarter = parts.quarter
    where totals.breakdown = 'total' and parts.breakdown <> 'total'
) as compared
group by area_level, la_code, quarter, breakdown
having
    max(placements_in_total) <> sum(placements_started)
    or max(ended_in_total) <> sum(placements_ended)
