-- code: 1001
-- message: The episodes recorded for this young person suggest they are not a relevant or a former
--     relevant child and therefore should not have care leaver information completed. [NOTE: This
--     tool can only test the current and previous year data loaded into the tool - this check may
--     generate false positives if a child had episodes prior to last year's collection.]
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3, Episodes, Header, Episodes_last
-- years: 2023-
-- severity: warn
-- how_to_fix: Check in the full record whether the young person was looked after for 13 weeks from
--     14 on, some of it at 16 or later, and not adopted. If not, take the row out of OC3; if
--     episodes are missing, add them.
-- logic: The episodes of this year and last add up to less than 91 days from the 14th birthday or
--     to none from the 16th, unless the young person is 20 by the end of the year; or the latest
--     episode ended in adoption.
with both_years as (
    select
        child,
        decom,
        dec,
        ls,
        rec,
        in_order,
        1 as year_order
    from episodes
    union all
    select
        child,
        decom,
        dec,
        ls,
        rec,
        in_order,
        2 as year_order
    from episodes_last
),

episode as (
    -- One that stands in both years counts once, with its end.
    select
        *,
        decom = max(decom) over (partition by child) as is_latest
    from both_years
    where child in (select oc3.child from oc3)
    qualify row_number() over (
        partition by child, decom
        order by dec asc nulls last, year_order asc, in_order asc
    ) = 1
),

birth as (
    select
        child,
        min(dob) as dob
    from header
    group by child
),

-- From DECOM or the birthday, whichever is later (of the birthday where DECOM is blank), to DEC;
-- the latest episode without DEC goes on until the end of the year.
stay as (
    select
        episode.child,
        add_years(birth.dob, 14) as turned_14,
        add_years(birth.dob, 16) as turned_16,
        episode.decom,
        case
            when episode.dec is null and episode.is_latest then metadata.collection_end
            else episode.dec
        end as stay_end
    from episode
    inner join birth on episode.child = birth.child
    cross join metadata
    where birth.dob is not null and (episode.ls is null or episode.ls not in ('V3', 'V4'))
),

days_in_care as (
    select
        child,
        sum(greatest(stay_end - greatest(decom, turned_14), 0)) as days_from_14,
        sum(greatest(stay_end - greatest(decom, turned_16), 0)) as days_from_16
    from stay
    group by child
),

adopted as (
    select child
    from episode
    where is_latest and rec in ('E11', 'E12')
)

select
    'OC3' as table_name,
    oc3.data_row
from oc3
cross join metadata
left join birth on oc3.child = birth.child
left join days_in_care on oc3.child = days_in_care.child
where
    -- A table without rows says nothing of anybody's time in care.
    exists (select 1 from header)
    and exists (select 1 from episodes)
    and exists (select 1 from episodes_last)
    and (
        oc3.child in (select adopted.child from adopted)
        or (
            not coalesce(days_in_care.days_from_14 >= 91 and days_in_care.days_from_16 >= 1, false)
            -- Two years do not reach back to the care of who is 20.
            and not coalesce(add_years(birth.dob, 20) <= metadata.collection_end, false)
        )
    )
