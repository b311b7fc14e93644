-- code: 399
-- message: Mother field, review field or participation field are completed but child is looked
--     after under legal status V3 or V4.
-- fields: MOTHER, LS, REVIEW, REVIEW_CODE
-- tables: Episodes, Header, Reviews
-- years: 2023-
-- severity: fix
-- how_to_fix: If the child had short breaks only (every LS is V3 or V4), delete MOTHER, REVIEW and
--     REVIEW_CODE; otherwise correct LS.
-- logic: Every episode of the child has LS V3 or V4, and MOTHER, REVIEW or REVIEW_CODE is given.
-- fails_in: Episodes, Header, Reviews
with short_breaks_only as (
    select child
    from episodes
    group by child
    having bool_and(coalesce(ls in ('V3', 'V4'), false))
),

completed as (
    select
        episodes.data_row as episode_row,
        header.data_row as header_row,
        reviews.data_row as review_row
    from short_breaks_only
    inner join episodes on short_breaks_only.child = episodes.child
    left join header on short_breaks_only.child = header.child
    left join reviews on short_breaks_only.child = reviews.child
    where coalesce(header.mother, reviews.review__text, reviews.review_code) is not null
)

select
    'Episodes' as table_name,
    episode_row as data_row
from completed
union all
select
    'Header' as table_name,
    header_row as data_row
from completed
where header_row is not null
union all
select
    'Reviews' as table_name,
    review_row as data_row
from completed
where review_row is not null
