-- code: 440
-- message: Participation method indicates child was under 4 years old at the time of the review,
--     but date of birth and review date indicates the child was 4 years old or over.
-- fields: DOB, REVIEW, REVIEW_CODE
-- tables: Reviews
-- years: 2023-
-- severity: fix
-- how_to_fix: Check DOB and REVIEW; where the child was 4 or older, say how the child took part
--     (PN1 to PN7) instead of PN0.
-- logic: REVIEW_CODE is PN0 and REVIEW is after the child's fourth birthday.
select
    'Reviews' as table_name,
    data_row
from reviews
where review_code = 'PN0' and review > add_years(dob, 4)
