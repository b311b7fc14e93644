-- code: 503E
-- message: The placement provider in the first episode does not match open episode at end of last
--     year.
-- fields: PLACE_PROVIDER
-- tables: Episodes, Episodes_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare PLACE_PROVIDER of the child's first episode with the episode that was open at
--     the end of last year's return. Both tell of the same episode: give the same provider, or
--     correct last year's.
-- logic: PLACE_PROVIDER of the first episode differs from the PLACE_PROVIDER of the episode left
--     open last year.
select
    'Episodes' as table_name,
    data_row
from first_episode_against_last_year
where place_provider is distinct from place_provider_last
