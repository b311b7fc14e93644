-- code: 1008
-- message: Ofsted Unique Reference Number (URN) is not valid.
-- fields: URN
-- tables: Episodes
-- reference: provider
-- years: 2023-
-- severity: fix
-- how_to_fix: Look the URN up in Ofsted's lists and correct it.
-- logic: URN is given, is not the placeholder of seven X, and is in none of Ofsted's lists.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join provider on episodes.urn = provider.urn
where
    episodes.urn <> 'XXXXXXX'
    and provider.urn is null
