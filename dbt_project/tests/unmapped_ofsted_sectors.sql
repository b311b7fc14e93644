{# Ofsted may write a sector as it likes: a new spelling must be seen, but stops nothing. #}
{{ config(severity='warn') }}

select
    provider.sector as unmapped_code,
    count(*) as row_count
from {{ ref('stg_ofsted__provider') }} as provider
left join {{ ref('provider_sector_map') }} as known
    on provider.sector = known.source_code and known.source = 'ofsted'
where provider.sector is not null and known.source_code is null
group by provider.sector
