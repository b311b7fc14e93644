-- code: 578
-- message: The date that the child started to be missing is after the child ceased to be looked
--     after.
-- fields: MIS_START
-- tables: Missing, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare MIS_START with the child's DECOM and DEC and correct whichever is wrong;
--     delete the missing period if the child was not looked after then.
-- logic: MIS_START is in none of the child's periods of care: before it began or after it ended.
with compared as (
    select
        missing.data_row,
        coalesce(
            missing.mis_start < periods_of_care.began
            or missing.mis_start > periods_of_care.ended,
            false
        ) as is_outside
    from missing
    inner join periods_of_care on missing.child = periods_of_care.child
)

select
    'Missing' as table_name,
    data_row
from compared
group by data_row
having bool_and(is_outside)
