-- code: 635
-- message: There are entries for date of order and local authority code where previous permanence
--     option was arranged but previous permanence code is Z1
-- fields: LA_PERM, DATE_PERM, PREV_PERM
-- tables: PrevPerm
-- years: 2023-
-- severity: fix
-- how_to_fix: Give PREV_PERM for the order that DATE_PERM and LA_PERM tell of, or clear both where
--     there was none.
-- logic: LA_PERM or DATE_PERM is given and PREV_PERM is blank.
select
    'PrevPerm' as table_name,
    data_row
from prev_perm
where
    coalesce(la_perm, date_perm) is not null
    and prev_perm is null
