-- code: 1007
-- message: Care leaver information is not required for 17- or 18-year olds who are still looked
--     after [on their 17th or 18th birthday.]
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3, Episodes
-- years: 2023-
-- severity: fix
-- how_to_fix: Delete IN_TOUCH, ACTIV and ACCOM for a child who was looked after on its 17th or 18th
--     birthday, or correct DOB or the episode.
-- logic: The child is 17 or 18 on the last day of the year, an episode began by its last birthday
--     and ended after it or is open, and IN_TOUCH, ACTIV or ACCOM is given.
select
    'OC3' as table_name,
    care_leaver_birthday.data_row
from care_leaver_birthday
inner join episodes on care_leaver_birthday.child = episodes.child
where
    episodes.decom <= care_leaver_birthday.last_birthday
    and (episodes.dec > care_leaver_birthday.last_birthday or episodes.dec__text is null)
