-- code: SW11aSTG2
-- message: Social worker episode has ended before 31 March and no subsequent social worker episode
--     has been provided.
-- fields: SW_DEC
-- tables: SWEpisodes
-- years: 2024-2024
-- severity: fix
-- how_to_fix: Check SW_DEC of the social worker episode before and SW_DECOM of this one; they may
--     be five days apart at most. Add an episode where one is missing between them.
-- logic: The child's episode before ended five days or more before the end of the collection year,
--     and SW_DECOM is not within five days, before or after, of that end, or is blank.
select
    'SWEpisodes' as table_name,
    sw_episodes_in_order.data_row
from sw_episodes_in_order
cross join metadata
where
    sw_episodes_in_order.sw_dec_before <= metadata.collection_end - 5
    and coalesce(
        sw_episodes_in_order.sw_decom
        not between sw_episodes_in_order.sw_dec_before - 5
        and sw_episodes_in_order.sw_dec_before + 5,
        true
    )
