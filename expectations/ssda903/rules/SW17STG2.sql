-- code: SW17STG2
-- message: There is no social worker episode open at 31 March
-- fields: SW_DEC, SW_DECOM
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Clear SW_DEC where the social worker was still the child's on 31 March, or report the
--     episode that followed.
-- logic: SW_DEC is given in the child's episode with the latest SW_DECOM.
with latest as (
    select *
    from sw_episodes
    where child is not null
    -- of those that began on one day an open one is the latest
    qualify
        row_number() over (
            partition by child
            order by
                sw_decom desc nulls last,
                sw_dec__text is null desc,
                sw_dec desc nulls last,
                in_order asc
        ) = 1
)

select
    'SWEpisodes' as table_name,
    data_row
from latest
where sw_dec__text is not null
