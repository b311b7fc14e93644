-- code: 304
-- message: Date unaccompanied asylum-seeking child (UASC) status ceased must be on or before the
--     18th birthday of a child.
-- fields: DUC
-- tables: UASC
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB and DUC; the status ceases on the 18th birthday at the latest.
-- logic: DUC is after the child's 18th birthday.
select
    'UASC' as table_name,
    data_row
from uasc
where duc > add_years(dob, 18)
