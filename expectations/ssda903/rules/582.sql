-- code: 582
-- message: Child is showing as ceasing to be looked after due to adoption, but the date of adoption
--     is the same as the date reported for being matched with adopters. In most circumstances we
--     expect the date the child is matched with adopters to be before the date of adoption.
-- fields: DEC, DATE_MATCH
-- tables: Episodes, AD1
-- years: 2023-
-- severity: warn
-- how_to_fix: Check DEC of the episode that ended in adoption (REC E11 or E12) and DATE_MATCH in
--     AD1: the match is usually earlier. Leave both if they truly were on one day.
-- logic: DEC of an episode with REC E11 or E12 is the child's DATE_MATCH.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
inner join ad1 on episodes.child = ad1.child
where episodes.rec in ('E11', 'E12') and episodes.dec = ad1.date_match
