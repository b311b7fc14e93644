-- code: 204
-- message: Ethnic origin code disagrees with the ethnic origin already recorded for this child.
-- fields: ETHNIC
-- tables: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare ETHNIC with last year's return and correct the one that is wrong.
-- logic: ETHNIC differs from the one in last year's Header.
select
    'Header' as table_name,
    header.data_row
from header
inner join header_last on header.child = header_last.child
where upper(header.ethnic) is distinct from upper(header_last.ethnic)
