-- code: 221
-- message: The Ofsted Unique reference number (URN) provided for the child's placement does not
--     match the placement postcode provided.
-- fields: PL_POST
-- tables: Episodes
-- reference: provider
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Compare PL_POST with the postcode of this URN in Ofsted's lists; correct whichever
--     is not where the child lives.
-- logic: URN is given and not XXXXXXX, PLACE is H5, K1, K2, R3 or S1, LS is neither V3 nor V4,
--     and PL_POST is not the postcode that Ofsted's lists have for the URN.
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
left join provider
    on
    episodes.urn = provider.urn
    and replace(episodes.pl_post, ' ', '') = provider.postcode
where
    episodes.urn <> 'XXXXXXX'
    and episodes.pl_post is not null
    and episodes.place in ('H5', 'K1', 'K2', 'R3', 'S1')
    and coalesce(episodes.ls not in ('V3', 'V4'), true)
    and provider.urn is null
