-- code: 601
-- message: The additional fields relating to adoption have not been completed although the episode
--     data shows that the child was adopted during the year.
-- fields: REC, DATE_INT, DATE_MATCH, FOSTER_CARE, NB_ADOPTR, SEX_ADOPTR, LS_ADOPTR
-- tables: AD1, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Complete all six fields on the adoption in AD1, or correct REC of the episode if the
--     child was not adopted.
-- logic: The child has an episode with REC E11 or E12 that ended in the year, and at least one of
--     the six fields on the adoption is blank.
-- fails_in: AD1, Episodes
with incomplete as (
    select
        adoption_details.data_row as ad1_row,
        adopted_in_year.data_row as episode_row
    from adopted_in_year
    inner join adoption_details on adopted_in_year.child = adoption_details.child
    where adoption_details.items_filled < 6
)

select
    'AD1' as table_name,
    ad1_row as data_row
from incomplete
union all
select
    'Episodes' as table_name,
    episode_row as data_row
from incomplete
