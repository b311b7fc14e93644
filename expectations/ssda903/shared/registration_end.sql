-- One row per provider of Ofsted's lists: the day its registration ended, null where it goes on.
-- A provider listed more than once, for instance with several homes, ended when all of them did.
select
    urn,
    case when count(reg_end) = count(*) then max(reg_end) end as reg_end
from provider
where urn is not null
group by urn
