-- Days for which the measures and the stability count other numbers of children looked after.
select
    stability.area_name,
    stability.quarter,
    stability.children as children_in_stability,
    measures.children_at_quarter_end as children_in_measures
from {{ ref('int_placement_stability') }} as stability
left join {{ ref('int_placement_count') }} as measures
    on stability.la_code = measures.la_code
    and stability.quarter = measures.quarter
    and measures.breakdown = 'total'
    and measures.period = 'quarter'
where
    stability.area_level = 'authority'
    and stability.children <> coalesce(measures.children_at_quarter_end, 0)
