-- code: 555
-- message: Freeing order has been granted but there is no date of decision that the child should be
--     placed for adoption.
-- fields: CHILD, DATE_PLACED, DATE_PLACED_CEASED, REASON_PLACED_CEASED
-- tables: Episodes, PlacedAdoption
-- years: 2023-2024
-- severity: fix
-- how_to_fix: Add the child to PlacedAdoption with DATE_PLACED, or correct LS. Where the freeing
--     order still holds, delete DATE_PLACED_CEASED and REASON_PLACED_CEASED, or give the DEC that
--     is missing.
-- logic: An episode has LS D1 and the child is not in PlacedAdoption; or the episode is open, and
--     DATE_PLACED_CEASED or REASON_PLACED_CEASED is given.
-- fails_in: Episodes, PlacedAdoption
with order_granted as (
    select
        child,
        data_row,
        dec__text
    from episodes
    where ls = 'D1'
)

select
    'Episodes' as table_name,
    data_row
from order_granted
where
    not exists (select 1 from placed_adoption where placed_adoption.child = order_granted.child)
union all
select
    'PlacedAdoption' as table_name,
    placed_adoption.data_row
from placed_adoption
inner join order_granted on placed_adoption.child = order_granted.child
where
    order_granted.dec__text is null
    and coalesce(placed_adoption.date_placed_ceased__text, placed_adoption.reason_placed_ceased)
    is not null
