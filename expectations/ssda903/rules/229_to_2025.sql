-- code: 229
-- message: Placement provider does not match between the placing authority and the local authority
--     code of the provider. [NOTE: The provider's LA code is inferred from the its postcode, and
--     may be inaccurate in some cases.]
-- fields: URN, PLACE_PROVIDER
-- tables: Episodes
-- reference: provider, postcode
-- years: 2023-2025
-- severity: warn
-- how_to_fix: Check in Ofsted's lists whose provider this URN is: PLACE_PROVIDER is PR1 for the
--     council's own provision and PR2 for another authority's. Correct PLACE_PROVIDER or URN.
-- logic: URN is given and not XXXXXXX, and PLACE_PROVIDER is PR1 though the provider is not in
--     the council's own authority, or PR2 though it is.
with in_own_authority as (
    select distinct provider.urn
    from provider
    inner join metadata on provider.la_code = metadata.la_code
)

select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join in_own_authority on episodes.urn = in_own_authority.urn
where
    episodes.urn <> 'XXXXXXX'
    and (
        (episodes.place_provider = 'PR1' and in_own_authority.urn is null)
        or (episodes.place_provider = 'PR2' and in_own_authority.urn is not null)
    )
