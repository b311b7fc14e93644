-- code: 580
-- message: Child is missing when cease being looked after but reason episode ceased not ‘E8’.
-- fields: REC
-- tables: Episodes, Missing
-- years: 2023-
-- severity: fix
-- how_to_fix: The child was missing when it turned 18 and ceased to be looked after: give REC as
--     E8, or correct MIS_END, DEC or DOB.
-- logic: MIS_END, DEC and the child's 18th birthday (by DOB in Missing) are the same day and REC is
--     not E8.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
inner join missing on episodes.child = missing.child
where
    episodes.dec = missing.mis_end
    and episodes.dec = add_years(missing.dob, 18)
    and episodes.rec is distinct from 'E8'
