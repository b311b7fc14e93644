-- code: 1012
-- message: No other data should be returned for OC3 children who had no episodes in the current
--     year
-- fields: CHILD
-- tables: Episodes
-- optional: PlacedAdoption, Missing, Reviews, AD1, PrevPerm, OC2
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child was looked after in the year, add the episodes; if not, delete the
--     child's rows from this table and keep those in OC3.
-- logic: The child of a row in PlacedAdoption, Missing, Reviews, AD1, PrevPerm or OC2 has no
--     episode.
-- fails_in: PlacedAdoption, Missing, Reviews, AD1, PrevPerm, OC2
with returned as (
    select
        'PlacedAdoption' as table_name,
        data_row,
        child
    from placed_adoption
    union all
    select
        'Missing' as table_name,
        data_row,
        child
    from missing
    union all
    select
        'Reviews' as table_name,
        data_row,
        child
    from reviews
    union all
    select
        'AD1' as table_name,
        data_row,
        child
    from ad1
    union all
    select
        'PrevPerm' as table_name,
        data_row,
        child
    from prev_perm
    union all
    select
        'OC2' as table_name,
        data_row,
        child
    from oc2
)

select
    table_name,
    data_row
from returned
where not exists (select 1 from episodes where episodes.child = returned.child)
