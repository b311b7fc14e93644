-- code: 335
-- message: The current foster value (0) suggests that child is not adopted by current foster carer,
--     but last placement is A2, A3, or A5. Or the current foster value (1) suggests that child is
--     adopted by current foster carer, but last placement is A1, A4 or A6.
-- fields: PLACE, FOSTER_CARE
-- tables: Episodes, AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare FOSTER_CARE in AD1 with PLACE of the last episode: A3 and A5 are with the
--     child's current foster carers (FOSTER_CARE 1), A4 and A6 are not (0). Correct whichever is
--     wrong.
-- logic: An episode with REC E1, E11 or E12 has PLACE A2, A3 or A5 and FOSTER_CARE is 0, or PLACE
--     A1, A4 or A6 and FOSTER_CARE is 1.
-- fails_in: Episodes, AD1
with contradictions as (
    select
        episodes.data_row as episode_row,
        ad1.data_row as ad1_row
    from episodes
    inner join ad1 on episodes.child = ad1.child
    where
        episodes.rec in ('E1', 'E11', 'E12')
        and (
            (episodes.place in ('A2', 'A3', 'A5') and ad1.foster_care = '0')
            or (episodes.place in ('A1', 'A4', 'A6') and ad1.foster_care = '1')
        )
)

select
    'Episodes' as table_name,
    episode_row as data_row
from contradictions
union all
select
    'AD1' as table_name,
    ad1_row as data_row
from contradictions
