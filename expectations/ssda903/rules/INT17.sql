-- code: INT17
-- message: Internal Check: DOB in Reviews is different to DOB in Header.
-- fields: DOB
-- tables: Reviews, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare DOB in Reviews with DOB in Header and correct the one that is wrong.
-- logic: DOB in Reviews differs from DOB in Header, where both are given.
select
    'Reviews' as table_name,
    reviews.data_row
from reviews
inner join header on reviews.child = header.child
where reviews.dob <> header.dob
