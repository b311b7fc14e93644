-- code: 151
-- message: All data items relating to a childs adoption must be coded or left blank.
-- fields: DATE_INT, DATE_MATCH, FOSTER_CARE, NB_ADOPTER, SEX_ADOPTR, LS_ADOPTR
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Fill what is missing of the six fields on the adoption, or leave all of them blank if
--     the child was not adopted.
-- logic: Some, but not all, of the six fields on the adoption are filled.
select
    'AD1' as table_name,
    data_row
from adoption_details
where items_filled between 1 and 5
