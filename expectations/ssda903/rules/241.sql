-- code: 241
-- message: LA of placement is not an LA the provider has premises.
-- fields: URN
-- tables: Episodes
-- reference: postcode
-- years: 2026-
-- severity: fix
-- how_to_fix: Check URN and PL_POST: by Ofsted's lists the provider should have premises in the
--     authority that the postcode is in. Where the lists were not given, every such placement
--     outside the council's own area is named: give them.
-- logic: PLACE is K3, URN is given and not XXXXXXX, and PL_LA is no authority where Ofsted's
--     lists have premises of the provider; without the lists, PL_LA is not the council's own
--     authority.
with premises as (
    select
        urn,
        la_code
    from provider
    union all
    -- Without Ofsted's lists nothing is known but the council's own authority.
    select distinct
        episodes.urn,
        metadata.la_code
    from episodes
    cross join metadata
    where 'provider' not in (select delivered.table_name from delivered)
)

select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join premises
    on
    episodes.urn = premises.urn
    and episodes.pl_la = premises.la_code
where
    episodes.place = 'K3'
    and episodes.urn <> 'XXXXXXX'
    and premises.urn is null
