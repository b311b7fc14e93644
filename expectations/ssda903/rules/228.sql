-- code: 228
-- message: Ofsted Unique reference number (URN) is not valid for the episode end date [NOTE: may
--     give false positives on open episodes at providers who close during the year]
-- fields: URN, DEC
-- tables: Episodes
-- reference: provider
-- years: 2023-
-- severity: warn
-- how_to_fix: Check in Ofsted's lists when this provider's registration ended. If the child moved
--     on then, end the episode; if not, give the URN under which the provider is registered now.
-- logic: URN is given and not XXXXXXX, and DEC (or the end of the collection year, where there is
--     none) is after the day its registration with Ofsted ended.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
inner join registration_end on episodes.urn = registration_end.urn
cross join metadata
where
    episodes.urn <> 'XXXXXXX'
    and coalesce(episodes.dec, metadata.collection_end) > registration_end.reg_end
