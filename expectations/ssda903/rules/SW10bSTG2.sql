-- code: SW10bSTG2
-- message: A new social worker episode has started with a reason of first contact before the
--     previous episode has ended.
-- fields: SW_DECOM, SW_REASON
-- tables: SWEpisodes
-- years: 2026-
-- severity: fix
-- how_to_fix: Check SW_DECOM against SW_DEC of the social worker episode before; a first contact
--     (FCONTA) begins after it. Correct the dates or SW_REASON.
-- logic: SW_REASON is FCONTA and SW_DECOM is on or before the SW_DEC of the child's episode before.
select
    'SWEpisodes' as table_name,
    data_row
from sw_episodes_in_order
where sw_reason = 'FCONTA' and sw_decom <= sw_dec_before
