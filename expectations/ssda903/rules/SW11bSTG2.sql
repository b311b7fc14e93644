-- code: SW11bSTG2
-- message: Social worker episode has ended before 31 March and no subsequent social worker episode
--     has been provided.
-- fields: SW_DEC
-- tables: SWEpisodes
-- years: 2024-
-- severity: fix
-- how_to_fix: Report the social worker episode that followed, with its SW_DECOM; where the episode
--     had not ended by 31 March, clear its SW_DEC.
-- logic: An episode ended within the last five days before the end of the collection year, or on
--     it, and the one after it has no SW_DECOM; or it is the child's last and none began on or
--     after its SW_DEC.
with judged as (
    select
        sw_episodes_in_order.*,
        metadata.collection_end - 5 as last_days_start,
        metadata.collection_end as last_days_end
    from sw_episodes_in_order
    cross join metadata
)

select
    'SWEpisodes' as table_name,
    data_row
from judged
where
    (sw_dec_before between last_days_start and last_days_end and sw_decom is null)
    or (
        sw_dec between last_days_start and last_days_end
        and not has_one_after
        and coalesce(sw_decom_before < sw_dec, true)
    )
