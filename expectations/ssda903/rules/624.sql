-- code: 624
-- message: Date of birth of the first child contradicts the date of birth of the first child
--     previously recorded.
-- fields: MC_DOB
-- tables: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare MC_DOB with last year's return and correct the one that is wrong; do not
--     leave it blank once it was given.
-- logic: MC_DOB was given last year and is another date, or blank, this year.
select
    'Header' as table_name,
    header.data_row
from header
inner join header_last on header.child = header_last.child
where
    header_last.mc_dob__text is not null
    and header.mc_dob__text is distinct from header_last.mc_dob__text
    and (header.mc_dob = header_last.mc_dob) is not true
