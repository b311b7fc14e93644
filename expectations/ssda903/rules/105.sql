-- code: 105
-- message: Data entry for Unaccompanied Asylum-Seeking Children (UASC) status of child is invalid
--     or has not been completed.
-- fields: UASC
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the UASC flag in the child's HEADER as 1 (unaccompanied asylum-seeking, now or
--     earlier in the year) or 0.
-- logic: The return came as XML and UASC is blank or none of 0, 1.
select
    'Header' as table_name,
    header.data_row
from header
cross join metadata
where metadata.file_format = 'xml' and coalesce(header.uasc not in ('0', '1'), true)
