-- code: 1010
-- message: This child has no episodes loaded for current year even though there was an open episode
--     of care at the end of the previous year, and care leaver data has been entered.
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3, Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Add this year's episodes of the child, starting with the one that was open at the end
--     of last year; or, if care had ended by then, correct last year's return.
-- logic: The child is in OC3, the episode that began last in last year's return has no DEC, and
--     there is no episode this year.
with last_episode as (
    select
        child,
        dec__text
    from episodes_last
    where decom is not null
    qualify row_number() over (partition by child order by in_order desc) = 1
)

select
    'OC3' as table_name,
    oc3.data_row
from oc3
inner join last_episode on oc3.child = last_episode.child
where
    last_episode.dec__text is null
    and not exists (select 1 from episodes where episodes.child = oc3.child)
