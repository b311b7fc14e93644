-- code: 224
-- message: The Ofsted Unique reference number (URN) provided for the child's placement does not
--     match the placement provider recorded.
-- fields: PLACE_PROVIDER
-- tables: Episodes
-- reference: provider
-- years: 2023-
-- severity: fix
-- how_to_fix: Look the URN up in Ofsted's lists: correct URN if it is another provider's, or
--     PLACE_PROVIDER if it is none of the codes this one is listed with.
-- logic: URN is given and not XXXXXXX, and PLACE_PROVIDER is none of the provider codes that
--     Ofsted's lists have for it.
with allowed as (
    select
        urn,
        unnest(string_split(provider_codes, ',')) as place_provider
    from provider
)

select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join allowed
    on
    episodes.urn = allowed.urn
    and episodes.place_provider = allowed.place_provider
where
    episodes.urn <> 'XXXXXXX'
    and allowed.urn is null
