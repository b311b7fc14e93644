-- code: 707
-- message: Child ceased to be looked after but there is a DoLO without an end date.
-- fields: DOLO_END
-- tables: DoLo, Episodes
-- years: 2027-
-- severity: fix
-- how_to_fix: Give DOLO_END, at the latest the day the child ceased to be looked after; or correct
--     the dates of the order or of the episodes.
-- logic: The order lies within none of the child's periods of care: it goes on though the period
--     has ended or began later, or it ends before or after the period.
with beside_periods as (
    select
        dolo.data_row,
        coalesce(
            case
                when dolo.dolo_end is null
                    then
                        periods_of_care.ended is not null
                        or dolo.dolo_start < periods_of_care.began
                else
                    dolo.dolo_end > periods_of_care.ended
                    or dolo.dolo_end < periods_of_care.began
            end,
            false
        ) as is_outside
    from dolo
    inner join periods_of_care on dolo.child = periods_of_care.child
    where dolo.dolo_start is not null
)

select
    'DoLo' as table_name,
    data_row
from beside_periods
group by data_row
having bool_and(is_outside)
