-- code: 217
-- message: Children who are placed for adoption with current foster carers (placement types A3 or
--     A5) must have a reason for new episode of S, T or U.
-- fields: PLACE, DECOM, RNE
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Check PLACE and RNE: where the child stayed with the same carers, who became the
--     adopters, RNE is T or U, or S if care began then.
-- logic: PLACE is A3 or A5, DECOM is on or after 1 April 2015, and RNE is not S, T or U.
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place in ('A3', 'A5')
    and decom >= '2015-04-01'::date
    and coalesce(rne not in ('S', 'T', 'U'), true)
