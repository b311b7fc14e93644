-- code: 241
-- message: LA of placement is not an LA the provider has premises.
-- fields: URN
-- tables: Episodes
-- reference: provider, postcode
-- years: 2026-
-- severity: fix
-- how_to_fix: Check URN and PL_POST: by Ofsted's lists the provider should have premises in the
--     authority that the postcode is in.
-- logic: PLACE is K3, URN is given and not XXXXXXX, and PL_LA is no authority where Ofsted's lists
--     have premises of the provider.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join provider
    on
    episodes.urn = provider.urn
    and episodes.pl_la = provider.la_code
where
    episodes.place = 'K3'
    and episodes.urn <> 'XXXXXXX'
    and provider.urn is null
