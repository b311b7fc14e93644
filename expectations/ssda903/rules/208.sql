-- code: 208
-- message: Unique Pupil Number (UPN) for the current year disagrees with the Unique Pupil Number
--     (UPN) already recorded for this child.
-- fields: UPN
-- tables: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare UPN with last year's return. A known UPN stays as it is, and an unknown one
--     changes only to a known one or from UN1 to UN2, UN3, UN4 or UN5.
-- logic: UPN differs from last year's, other than from UN1 to UN5 or blank to a known UPN, or from
--     UN1 or blank to UN2, UN3, UN4 or UN5.
with both_years as (
    select
        header.data_row,
        upper(header.upn) as upn,
        upper(header_last.upn) as upn_last
    from header
    inner join header_last on header.child = header_last.child
)

select
    'Header' as table_name,
    data_row
from both_years
where
    upn is distinct from upn_last
    and (
        upn is null
        or upn = 'UN1'
        or upn_last not in ('UN1', 'UN2', 'UN3', 'UN4', 'UN5')
        or (upn_last in ('UN2', 'UN3', 'UN4', 'UN5') and upn in ('UN2', 'UN3', 'UN4', 'UN5'))
    )
