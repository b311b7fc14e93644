-- code: 575
-- message: If the placement from which the child goes missing/away from placement without
--     authorisation ends, the missing/away from placement without authorisation period in the
--     missing module must also have an end date.
-- fields: MIS_END
-- tables: Missing, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give MIS_END: the placement the child was missing from has ended, so either the child
--     came back by then or the missing period ended with it. Or correct DEC.
-- logic: MIS_START is within an episode that has ended, on its first and last day too, and MIS_END
--     is blank.
select
    'Missing' as table_name,
    missing.data_row
from missing
inner join episodes on missing.child = episodes.child
where
    missing.mis_end__text is null
    and missing.mis_start between episodes.decom and episodes.dec
