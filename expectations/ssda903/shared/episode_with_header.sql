-- One row per episode and row in Header of the same child; where there is none, Header's columns
-- are null.
select
    episodes.data_row,
    episodes.in_order,
    episodes.child,
    episodes.decom,
    episodes.rne,
    episodes.ls,
    episodes.place,
    episodes.dec,
    episodes.dec__text,
    episodes.rec,
    episodes.reason_place_change,
    header.data_row as header_row,
    header.dob,
    header.sex,
    header.upn,
    header.mother
from episodes
left join header on episodes.child = header.child
