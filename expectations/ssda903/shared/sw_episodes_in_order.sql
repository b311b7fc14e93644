-- One row per social worker episode of a known child: beside the episode before it, in the order
-- of their dates. One whose start cannot be read comes last.
select
    data_row,
    sw_decom,
    sw_dec,
    sw_reason,
    lag(sw_decom) over episodes as sw_decom_before,
    lag(sw_dec) over episodes as sw_dec_before,
    lag(data_row) over episodes is not null as has_one_before,
    lead(data_row) over episodes is not null as has_one_after
from sw_episodes
where child is not null
window episodes as (partition by child order by sw_decom, sw_dec, in_order)
