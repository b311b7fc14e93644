-- code: 167
-- message: Data entry for participation is invalid or blank.
-- fields: REVIEW_CODE
-- tables: Reviews
-- years: 2023-
-- severity: fix
-- how_to_fix: Give REVIEW_CODE as one of PN0 to PN7 for every review; where there was no review,
--     clear it.
-- logic: REVIEW is given and REVIEW_CODE is none of PN0 to PN7, or REVIEW_CODE is given without
--     REVIEW.
select
    'Reviews' as table_name,
    data_row
from reviews
where
    (review__text is null and review_code is not null)
    or (
        review__text is not null
        and (
            review_code is null
            or review_code not in ('PN0', 'PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6', 'PN7')
        )
    )
