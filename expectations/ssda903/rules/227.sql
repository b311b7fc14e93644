-- code: 227
-- message: Ofsted Unique reference number (URN) is not valid for the episode start date.
-- fields: URN, DECOM
-- tables: Episodes
-- reference: provider
-- years: 2023-
-- severity: fix
-- how_to_fix: Look the URN up in Ofsted's lists: correct URN or DECOM, or give the URN under
--     which the provider was registered on that day.
-- logic: URN is given and not XXXXXXX, and DECOM is on or after the day its registration with
--     Ofsted ended.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
inner join registration_end on episodes.urn = registration_end.urn
where
    episodes.urn <> 'XXXXXXX'
    and episodes.decom >= registration_end.reg_end
