-- code: 442
-- message: Unique Pupil Number (UPN) field is not completed.
-- fields: UPN
-- tables: Header, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the UPN, or, where the child has none, the code among UN1 to UN5 that says why.
-- logic: UPN is blank and the child has an episode with another LS than V3 and V4.
select
    'Header' as table_name,
    data_row
from header
where
    upn is null
    and child in (
        select episodes.child
        from episodes
        where episodes.ls is null or episodes.ls not in ('V3', 'V4')
    )
