-- code: 114
-- message: Data entry to record the status of former carer(s) of an adopted child is invalid.
-- fields: FOSTER_CARE
-- tables: AD1
-- years: 2023-
-- severity: fix
-- how_to_fix: Correct FOSTER_CARE: 1 if the child was adopted by their foster carers, 0 if not.
-- logic: FOSTER_CARE is given and is not 0 or 1.
select
    'AD1' as table_name,
    data_row
from ad1
where foster_care not in ('0', '1')
