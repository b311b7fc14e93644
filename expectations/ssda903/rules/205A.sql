-- code: 205A
-- message: Child identified as UASC last year is no longer UASC this year, but date UASC ceased in
--     both years does not support this.
-- fields: CHILD, UASC
-- tables: UASC, UASC_last
-- optional: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Check whether the child is still UASC. If the status ended last year, give last
--     year's DUC a date within that year and leave DUC blank this year; if it did not, put the
--     child into this year's UASC.
-- logic: The child was UASC last year and is not this year, and either DUC is given this year or
--     last year's DUC is not a date within last year's collection.
-- fails_in: UASC, Header
with unsupported as (
    select
        uasc_against_last_year.uasc_row,
        uasc_against_last_year.header_row
    from uasc_against_last_year
    cross join metadata
    where
        uasc_against_last_year.uasc is distinct from '1'
        and uasc_against_last_year.uasc_last = '1'
        and (
            uasc_against_last_year.duc__text is not null
            or (
                uasc_against_last_year.duc_last
                between add_years(metadata.collection_start, -1)
                and add_years(metadata.collection_end, -1)
            ) is not true
        )
)

select
    'UASC' as table_name,
    uasc_row as data_row
from unsupported
where uasc_row is not null
union all
select
    'Header' as table_name,
    header_row as data_row
from unsupported
where header_row is not null
