-- code: 103
-- message: The ethnicity code is either not valid or has not been entered.
-- fields: ETHNIC
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Give ETHNIC as one of DfE's four-letter codes; REFU where the family refused to say,
--     NOBT where it has not been obtained yet.
-- logic: ETHNIC is blank or none of DfE's codes.
select
    'Header' as table_name,
    data_row
from header
where
    coalesce(
        ethnic not in (
            'WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH',
            'MWBC', 'MWBA', 'MWAS', 'MOTH',
            'AIND', 'APKN', 'ABAN', 'AOTH',
            'BCRB', 'BAFR', 'BOTH',
            'CHNE', 'OOTH', 'REFU', 'NOBT'
        ),
        true
    )
