-- code: 392c
-- message: Postcode(s) provided are invalid.
-- fields: HOME_POST, PL_POST
-- tables: Episodes
-- reference: postcode
-- years: 2023-
-- severity: fix
-- how_to_fix: Check HOME_POST and PL_POST of the episode against the address: look for letters and
--     digits mixed up (O and 0, I and 1), or leave the postcode blank where the guidance says so.
-- logic: HOME_POST or PL_POST is given but is no known postcode.
with sent as (
    select
        data_row,
        replace(home_post, ' ', '') as postcode
    from episodes
    union all
    select
        data_row,
        replace(pl_post, ' ', '') as postcode
    from episodes
)

select
    'Episodes' as table_name,
    data_row
from sent
where
    postcode is not null
    and not exists (select 1 from postcode where postcode.postcode = sent.postcode)
