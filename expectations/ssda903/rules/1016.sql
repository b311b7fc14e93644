-- code: 1016
-- message: Care leaver information is not required for 17- or 18-year olds who cease to be looked
--     after, after their birthday.
-- fields: IN_TOUCH, ACTIV, ACCOM
-- tables: OC3, Episodes
-- years: 2024-
-- severity: fix
-- how_to_fix: Delete IN_TOUCH, ACTIV and ACCOM for a child who ceased to be looked after on or
--     after its 17th or 18th birthday this year, or correct DOB or DEC.
-- logic: The child is 17 or 18 on the last day of the year, an episode ended on its last birthday
--     or after, and IN_TOUCH, ACTIV or ACCOM is given.
select
    'OC3' as table_name,
    care_leaver_birthday.data_row
from care_leaver_birthday
inner join episodes on care_leaver_birthday.child = episodes.child
where episodes.dec >= care_leaver_birthday.last_birthday
