-- code: 630
-- message: Information on previous permanence option should be returned.
-- fields: RNE
-- tables: Episodes, PrevPerm
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to PrevPerm: PREV_PERM, and LA_PERM and DATE_PERM with it unless
--     PREV_PERM is Z1 (none known).
-- logic: A child started to be looked after in the year (RNE S), and is not in PrevPerm, or
--     PREV_PERM is blank there, or it is not Z1 and LA_PERM or DATE_PERM is blank.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
left join prev_perm on episodes.child = prev_perm.child
where
    episodes.rne = 'S'
    and episodes.decom >= metadata.collection_start
    and (
        prev_perm.prev_perm is null
        or (
            prev_perm.prev_perm <> 'Z1'
            and (prev_perm.la_perm is null or prev_perm.date_perm is null)
        )
    )
