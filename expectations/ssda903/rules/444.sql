-- code: 444
-- message: Duplicate UPN has been reported
-- fields: UPN
-- tables: Header
-- years: 2026-
-- severity: fix
-- how_to_fix: Find whose UPN it is and correct the other child's; if the rows are of one child with
--     two identifiers, keep one.
-- logic: A UPN other than UN1 to UN5 stands in more than one row of Header.
select
    'Header' as table_name,
    data_row
from header
where upn not in ('UN1', 'UN2', 'UN3', 'UN4', 'UN5')
qualify count(*) over (partition by upn) > 1
