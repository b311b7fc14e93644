-- code: 1002
-- message: This child has no previous episodes of care, therefore should not have care leaver
--     information recorded. [NOTE: This tool can only test the current and previous year data
--     loaded into the tool - this check may generate false positives if a child had episodes prior
--     to last year's collection.]
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3, Episodes, Episodes_last
-- years: 2023-
-- severity: warn
-- how_to_fix: Check that the child's identifier is the same as in Episodes and that it was looked
--     after, also in years before last; if it never was, take it out of OC3.
-- logic: The child is in OC3 and has no episode in this or last year's return.
select
    'OC3' as table_name,
    data_row
from oc3
where
    not exists (select 1 from episodes where episodes.child = oc3.child)
    and not exists (select 1 from episodes_last where episodes_last.child = oc3.child)
