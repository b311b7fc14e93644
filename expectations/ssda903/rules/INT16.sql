-- code: INT16
-- message: Internal Check: DOB in PrevPerm is different to DOB in Header.
-- fields: DOB
-- tables: PrevPerm, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in PrevPerm with DOB in Header and correct the one that is wrong.
-- logic: DOB in PrevPerm differs from DOB in Header, where both are given.
select
    'PrevPerm' as table_name,
    prev_perm.data_row
from prev_perm
inner join header on prev_perm.child = header.child
where prev_perm.dob <> header.dob
