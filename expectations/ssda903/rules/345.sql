-- code: 345
-- message: The data collection record shows the local authority is in touch with this young person,
--     but activity and/or accommodation data items are zero.
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Where the authority is in touch (IN_TOUCH is YES), give codes for ACTIV and ACCOM
--     instead of 0; otherwise correct IN_TOUCH.
-- logic: IN_TOUCH is YES and ACTIV or ACCOM is 0.
select
    'OC3' as table_name,
    data_row
from oc3
where
    in_touch = 'YES'
    and (activ = '0' or accom = '0')
