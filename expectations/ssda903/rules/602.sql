-- code: 602
-- message: The episode data submitted for this child does not show that he/she was adopted during
--     the year.
-- fields: CHILD
-- tables: AD1, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child was adopted in the year, give the episode that ended with it DEC and REC
--     E11 or E12. If not, leave the child's fields in AD1 blank.
-- logic: One of the six fields on the adoption is filled, but no episode of the child with REC E11
--     or E12 ended in the year.
select
    'AD1' as table_name,
    data_row
from adoption_details
where
    items_filled > 0
    and not exists (
        select 1
        from adopted_in_year
        where adopted_in_year.child = adoption_details.child
    )
