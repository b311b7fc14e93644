-- code: 359
-- message: Child being looked after following 18th birthday must be accommodated under section
--     20(5) of the Children Act 1989 in a community home.
-- fields: DEC, LS, PLACE
-- tables: Episodes, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: If the young person is no longer looked after, give DEC (the 18th birthday) and REC.
--     If still accommodated under section 20(5), LS is V2 and PLACE is K2. Otherwise check DOB.
-- logic: The episode has no DEC though the child turned 18 before the end of the year, and it is
--     not LS V2 with PLACE K2.
select
    'Episodes' as table_name,
    episode_with_header.data_row
from episode_with_header
cross join metadata
where
    add_years(episode_with_header.dob, 18) < metadata.collection_end
    and episode_with_header.dec__text is null
    and not coalesce(
        episode_with_header.ls = 'V2' and episode_with_header.place = 'K2',
        false
    )
