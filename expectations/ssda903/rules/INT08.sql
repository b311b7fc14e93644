-- code: INT08
-- message: Internal Check: Child in Reviews does not exist in Header.
-- fields: CHILD
-- tables: Reviews, Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Add the child to Header, or correct CHILD in Reviews if it is mistyped; take the row
--     out if the child does not belong in this return.
-- logic: The CHILD of a row of Reviews is not in Header.
select
    'Reviews' as table_name,
    reviews.data_row
from reviews
anti join header on reviews.child = header.child
