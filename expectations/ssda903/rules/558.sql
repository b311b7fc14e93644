-- code: 558
-- message: If a child has been adopted, then the decision to place them for adoption has not been
--     disrupted and the date of the decision that a child should no longer be placed for adoption
--     should be left blank.
-- fields: DATE_PLACED_CEASED, REC
-- tables: Episodes, PlacedAdoption
-- years: 2023-
-- severity: fix
-- how_to_fix: The child was adopted: delete the last DATE_PLACED_CEASED (and its reason), for that
--     decision was carried out, not reversed; or correct REC.
-- logic: REC is E11 or E12, the child has two or more rows in PlacedAdoption, and each has
--     DATE_PLACED_CEASED.
with always_ceased as (
    select child
    from placed_adoption
    group by child
    having count(date_placed_ceased__text) > 1 and count(date_placed_ceased__text) = count(*)
)

select
    'Episodes' as table_name,
    episodes.data_row
from episodes
inner join always_ceased on episodes.child = always_ceased.child
where episodes.rec in ('E11', 'E12')
