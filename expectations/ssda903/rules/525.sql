-- code: 525
-- message: A child for whom the decision to be placed for adoption has been reversed cannot be
--     adopted during the year.
-- fields: DATE_PLACED_CEASED, DATE_INT, DATE_MATCH, FOSTER_CARE, NB_ADOPTR, SEX_ADOPTR, LS_ADOPTR
-- tables: PlacedAdoption, AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Find out whether the child was adopted. If the decision was reversed, empty the
--     adoption fields in AD1; if the child was adopted, remove DATE_PLACED_CEASED.
-- logic: DATE_PLACED_CEASED is given and AD1 has any adoption field for the same child.
-- fails_in: PlacedAdoption, AD1
with reversed_yet_adopted as (
    select
        placed_adoption.data_row as placed_row,
        ad1.data_row as adopted_row
    from placed_adoption
    inner join ad1 on placed_adoption.child = ad1.child
    where
        placed_adoption.date_placed_ceased__text is not null
        and coalesce(
            ad1.date_int__text,
            ad1.date_match__text,
            ad1.foster_care,
            ad1.nb_adoptr,
            ad1.sex_adoptr,
            ad1.ls_adoptr
        ) is not null
)

select
    'PlacedAdoption' as table_name,
    placed_row as data_row
from reversed_yet_adopted
union all
select
    'AD1' as table_name,
    adopted_row as data_row
from reversed_yet_adopted
