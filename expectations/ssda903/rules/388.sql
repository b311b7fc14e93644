-- code: 388
-- message: Reason episode ceased is coded new episode begins, but there is no continuation episode.
-- fields: REC
-- tables: Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DEC and REC with the child's next episode. X1 needs a next episode that
--     starts on the day this one ends; where one does, REC must be X1; where care ended, use the
--     code of how it ended.
-- logic: An ended episode has REC X1 and no next episode that starts on its DEC, or another REC and
--     a next episode that does.
with in_sequence as (
    select
        data_row,
        dec,
        rec,
        -- An episode without a readable DECOM counts as the child's first.
        lead(decom) over (
            partition by child
            order by decom asc nulls first, in_order asc
        ) as decom_after
    from episodes
    where child is not null
)

select
    'Episodes' as table_name,
    data_row
from in_sequence
where
    (rec = 'X1' and dec is not null and dec is distinct from decom_after)
    or (rec != 'X1' and dec = decom_after)
