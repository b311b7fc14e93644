-- code: 199
-- message: Episode information shows child has been previously adopted from care. [NOTE: This only
--     tests the current and previous year data loaded into the tool]
-- fields: CHILD
-- tables: Episodes
-- optional: Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Check the REC of the earlier episode (E11 or E12, adopted) and whether this is the
--     same child: a child adopted from care who comes back has a new CHILD.
-- logic: An earlier episode of the child, this year or last, has REC E11 or E12.
with both_years as (
    -- An episode that stands in both years is the same one: this year's row comes before last
    -- year's.
    select
        data_row,
        child,
        decom,
        rec,
        in_order,
        1 as year_order
    from episodes
    union all
    select
        data_row,
        child,
        decom,
        rec,
        in_order,
        2 as year_order
    from episodes_last
),

with_earlier as (
    select
        data_row,
        child,
        year_order,
        count(*) filter (where rec in ('E11', 'E12')) over (
            partition by child
            order by decom asc, year_order asc, in_order asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_adoptions
    from both_years
    where decom is not null
)

select
    'Episodes' as table_name,
    data_row
from with_earlier
where year_order = 1 and child is not null and earlier_adoptions > 0
