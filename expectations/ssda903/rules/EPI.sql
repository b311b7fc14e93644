-- code: EPI
-- message: WARNING: Episodes need to be loaded for this child before further validation is possible
--     [NOTE: This refers to the DfE portal - here, all checks that can be performed with only the
--     available data will be.]
-- fields: CHILD
-- tables: Header
-- optional: Episodes, OC3
-- years: 2023-
-- severity: warn
-- how_to_fix: Add the child's episodes, or the care leaver's row in OC3; if the child belongs in
--     neither, take the row out of Header.
-- logic: The child is neither in Episodes nor in OC3.
select
    'Header' as table_name,
    data_row
from header
where
    not exists (
        select 1
        from episodes
        where episodes.child = header.child
    )
    and not exists (
        select 1
        from oc3
        where oc3.child = header.child
    )
