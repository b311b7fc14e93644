-- code: 166
-- message: Date of review is invalid or blank.
-- fields: REVIEW
-- tables: Reviews
-- years: 2023-
-- severity: fix
-- how_to_fix: Give the date of the review as dd/mm/yyyy; delete the row where there was no review.
-- logic: REVIEW is blank or no date.
select
    'Reviews' as table_name,
    data_row
from reviews
where review is null
