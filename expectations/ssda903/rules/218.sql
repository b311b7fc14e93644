-- code: 218
-- message: Ofsted Unique reference number (URN) is required.
-- fields: URN
-- tables: Episodes
-- reference: postcode
-- years: 2026-
-- severity: fix
-- how_to_fix: Look the provider up in Ofsted's lists and give its URN. If the placement needs
--     none, check PLACE and PL_POST.
-- logic: URN is blank, the episode is open or ended in the collection year, PL_LA is not known to
--     be outside England (CON, NIR, NUK, SCO, WAL), and PLACE is not one that needs none (P1, P3,
--     R1, R2, R5, T0 to T4, Z11 to Z14).
select
    'Episodes' as table_name,
    episodes.data_row
from episodes
cross join metadata
where
    episodes.urn is null
    and (episodes.dec__text is null or episodes.dec >= metadata.collection_start)
    and coalesce(episodes.pl_la not in ('CON', 'NIR', 'NUK', 'SCO', 'WAL'), true)
    and coalesce(
        episodes.place not in (
            'P1', 'P3', 'R1', 'R2', 'R5', 'T0', 'T1', 'T2', 'T3', 'T4', 'Z11', 'Z12', 'Z13', 'Z14'
        ),
        true
    )
