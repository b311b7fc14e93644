-- code: 230
-- message: Ofsted Unique reference number (URN) is required for any English H5 placements from 28
--     October 2023.
-- fields: PLACE, DEC, URN
-- tables: Episodes
-- reference: postcode
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Look the provider up in Ofsted's lists and give its URN, or check PL_POST if the
--     placement is outside England.
-- logic: PLACE is H5, the episode ended after 28 October 2023 or has no (readable) end, URN is
--     blank or XXXXXXX, and PL_LA is not known to be outside England (a code that begins with N,
--     S or W).
select
    'Episodes' as table_name,
    data_row
from episodes
where
    place = 'H5'
    and coalesce(dec > '2023-10-28'::date, true)
    and coalesce(urn = 'XXXXXXX', true)
    and coalesce(left(pl_la, 1) not in ('N', 'S', 'W'), true)
