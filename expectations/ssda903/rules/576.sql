-- code: 576
-- message: There is an open missing/away from placement without authorisation period in last year’s
--     return and there is no corresponding period recorded at the start of this year.
-- fields: CHILD
-- tables: Missing, Missing_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Start this year's Missing with the period that was open at the end of last year, with
--     the same MIS_START; if it ended before 1 April, give its MIS_END in last year's return.
-- logic: The child has a period without MIS_END in last year's Missing, and its first period of
--     this year has another MIS_START.
with first_period as (
    select *
    from missing
    qualify
        row_number() over (
            partition by child
            order by mis_start asc nulls last, in_order asc
        ) = 1
)

select
    'Missing' as table_name,
    first_period.data_row
from first_period
inner join missing_last on first_period.child = missing_last.child
where
    missing_last.mis_end__text is null
    and missing_last.mis_start is not null
    and first_period.mis_start is distinct from missing_last.mis_start
