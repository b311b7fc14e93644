-- code: 165
-- message: Data entry for mother status is invalid.
-- fields: MOTHER, SEX, ACTIV, ACCOM, IN_TOUCH, DECOM
-- tables: Header, Episodes, OC3
-- years: 2023-
-- severity: fix
-- how_to_fix: Check SEX and MOTHER. A girl looked after in the year has 0 or 1; a boy has none, nor
--     has a care leaver who was not looked after in the year.
-- logic: For a child with an episode other than V3 and V4: MOTHER is neither 0 nor 1, or given for
--     a boy, or blank for a girl looked after in the year, or given for a girl who was not but has
--     OC3 data.
-- fails_in: Header, OC3
with looked_after as (
    select
        episodes.child,
        bool_or(
            coalesce(
                episodes.decom <= metadata.collection_end
                and coalesce(episodes.dec, metadata.collection_end) >= metadata.collection_start,
                false
            )
        ) as is_in_year
    from episodes
    cross join metadata
    where episodes.ls is null or episodes.ls not in ('V3', 'V4')
    group by episodes.child
),

with_mother as (
    select
        header.data_row as header_row,
        oc3.data_row as oc3_row,
        header.mother,
        -- 1 and 2 until collection year 2024
        header.sex in ('M', '1') as is_boy,
        header.sex in ('F', '2') as is_girl,
        looked_after.is_in_year,
        coalesce(oc3.in_touch, oc3.activ, oc3.accom) is not null as has_oc3
    from looked_after
    inner join header on looked_after.child = header.child
    left join oc3 on looked_after.child = oc3.child
),

invalid as (
    select
        header_row,
        oc3_row
    from with_mother
    where
        mother not in ('0', '1')
        or (is_boy and mother is not null)
        or (is_girl and mother is null and is_in_year)
        or (is_girl and mother is not null and not is_in_year and has_oc3)
)

select
    'Header' as table_name,
    header_row as data_row
from invalid
union all
select
    'OC3' as table_name,
    oc3_row as data_row
from invalid
where oc3_row is not null
