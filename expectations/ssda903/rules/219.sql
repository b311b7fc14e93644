-- code: 219
-- message: The Ofsted Unique reference number (URN) provided for the child's placement does not
--     match the placement type recorded.
-- fields: URN, PLACE
-- tables: Episodes
-- reference: provider
-- years: 2023-
-- severity: fix
-- how_to_fix: Look the URN up in Ofsted's lists: correct URN if it is another provider's, or
--     PLACE if it is none of the kinds this one is listed for.
-- logic: URN is given and not XXXXXXX, and PLACE is none of the placement codes that Ofsted's
--     lists have for it.
with allowed as (
    select
        urn,
        unnest(string_split(place_codes, ',')) as place
    from provider
)

select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join allowed
    on
    episodes.urn = allowed.urn
    and episodes.place = allowed.place
where
    episodes.urn <> 'XXXXXXX'
    and allowed.urn is null
