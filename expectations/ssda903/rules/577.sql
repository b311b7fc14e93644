-- code: 577
-- message: Child ceased to be looked after but there is a missing/away from placement without
--     authorisation period without an end date.
-- fields: MIS_END
-- tables: Missing, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give MIS_END, no later than the day the child ceased to be looked after; or correct
--     DEC of the last episode.
-- logic: The missing period fits none of the child's periods of care: it is open although the
--     period of care has ended or before it began, or it ends after the period of care ended or
--     before it began.
with compared as (
    select
        missing.data_row,
        coalesce(
            (missing.mis_end is null and periods_of_care.ended is not null)
            or (missing.mis_end is null and missing.mis_start < periods_of_care.began)
            or missing.mis_end > periods_of_care.ended
            or missing.mis_end < periods_of_care.began,
            false
        ) as is_outside
    from missing
    inner join periods_of_care on missing.child = periods_of_care.child
    where missing.mis_start is not null
)

select
    'Missing' as table_name,
    data_row
from compared
group by data_row
having bool_and(is_outside)
