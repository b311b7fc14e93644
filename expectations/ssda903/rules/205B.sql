-- code: 205B
-- message: Child previously identified as UASC is also UASC this year, but date UASC ceased in both
--     years does not support this.
-- fields: DUC, UASC
-- tables: UASC, UASC_last
-- optional: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Last year's DUC should be the child's 18th birthday, and this year's the same date or
--     one within the year. Correct DUC, DOB or the UASC status in the year that is wrong.
-- logic: The child is UASC in both years, and either last year's DUC is not its 18th birthday or
--     this year's is neither within the year nor the same as last year's.
-- fails_in: UASC, Header
with unsupported as (
    select
        uasc_against_last_year.uasc_row,
        uasc_against_last_year.header_row
    from uasc_against_last_year
    cross join metadata
    where
        uasc_against_last_year.uasc = '1'
        and uasc_against_last_year.uasc_last = '1'
        and (
            (
                uasc_against_last_year.duc_last = add_years(uasc_against_last_year.dob_last, 18)
            ) is not true
            or (
                uasc_against_last_year.duc = uasc_against_last_year.duc_last
                or uasc_against_last_year.duc
                between metadata.collection_start and metadata.collection_end
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
