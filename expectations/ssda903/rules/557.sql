-- code: 557
-- message: Child for whom the decision was made that they should be placed for adoption has left
--     care but was not adopted and information on the decision that they should no longer be placed
--     for adoption items has not been completed.
-- fields: DATE_PLACED_CEASED, REASON_PLACED_CEASED, PLACE, LS, REC
-- tables: Episodes, PlacedAdoption
-- years: 2025-
-- severity: fix
-- how_to_fix: Give DATE_PLACED_CEASED and REASON_PLACED_CEASED in PlacedAdoption (add a row if
--     there is none); or, if the child was adopted, give REC as E11 or E12.
-- logic: PLACE is A3, A4, A5 or A6, or LS is E1; REC is given and none of E11, E12, X1; and the
--     child is not in PlacedAdoption, or DATE_PLACED_CEASED or REASON_PLACED_CEASED is blank there.
-- fails_in: Episodes, PlacedAdoption
with left_not_adopted as (
    select
        episodes.data_row as episode_row,
        placed_adoption.data_row as placed_row
    from episodes
    left join placed_adoption on episodes.child = placed_adoption.child
    where
        (episodes.place in ('A3', 'A4', 'A5', 'A6') or episodes.ls = 'E1')
        and episodes.rec not in ('E11', 'E12', 'X1')
        and (
            placed_adoption.date_placed_ceased__text is null
            or placed_adoption.reason_placed_ceased is null
        )
)

select
    'Episodes' as table_name,
    episode_row as data_row
from left_not_adopted
union all
select
    'PlacedAdoption' as table_name,
    placed_row as data_row
from left_not_adopted
where placed_row is not null
