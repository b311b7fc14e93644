{# Prices that hang together loosely may need more steps than the fit takes: to be seen, no more. #}
{{ config(severity='warn') }}

select
    placement_type,
    max(last_move) as last_move
from {{ ref('int_case_mix_price') }}
group by placement_type
having max(last_move) > 0.005
