-- code: 441
-- message: Participation method indicates child was 4 years old or over at the time of the review,
--     but the date of birth and review date indicates the child was under 4 years old.
-- fields: DOB, REVIEW, REVIEW_CODE
-- tables: Reviews
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB and REVIEW; where the child was under 4, give PN0.
-- logic: REVIEW_CODE is one of PN1 to PN7 and REVIEW is before the child's fourth birthday.
select
    'Reviews' as table_name,
    data_row
from reviews
where
    review_code in ('PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6', 'PN7')
    and review < add_years(dob, 4)
