-- code: 584
-- message: Date of decision that the child should be placed for adoption this year is different
--     from that recorded last year, but the decision to placed the child for adoption changed and
--     the child should no longer be placed for adoption.
-- fields: DATE_PLACED
-- tables: PlacedAdoption, PlacedAdoption_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare with last year's return, in which the decision was revoked. DATE_PLACED must
--     be that of the new decision, later than last year's; correct whichever is wrong.
-- logic: Last year's DATE_PLACED is given with a DATE_PLACED_CEASED or a REASON_PLACED_CEASED, and
--     this year's is blank or not later.
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
inner join placed_adoption_last on placed_adoption.child = placed_adoption_last.child
where
    placed_adoption_last.date_placed__text is not null
    and (
        placed_adoption_last.date_placed_ceased__text is not null
        or placed_adoption_last.reason_placed_ceased is not null
    )
    and (
        placed_adoption.date_placed__text is null
        or placed_adoption.date_placed <= placed_adoption_last.date_placed
    )
