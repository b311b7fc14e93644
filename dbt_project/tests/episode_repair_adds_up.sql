-- Reported episodes that the mart of repairs counts not at all, or more than once.
with

reported as (

    select
        la_code,
        period,
        count(*) as reports
    from {{ ref('stg_ssda903__episodes') }}
    group by la_code, period

),

counted as (

    select
        la_code,
        collection_year,
        sum(reports) as reports,
        sum(reports_used) + sum(reports_set_aside) as reports_either_way
    from {{ ref('episode_repair') }}
    group by la_code, collection_year

)

select
    coalesce(reported.la_code, counted.la_code) as la_code,
    coalesce(reported.period, counted.collection_year) as collection_year,
    reported.reports as reports_in_hub,
    counted.reports as reports_in_mart
from reported
full outer join counted
    on reported.la_code = counted.la_code
    and reported.period = counted.collection_year
where
    coalesce(reported.reports, 0) <> coalesce(counted.reports, 0)
    or counted.reports <> counted.reports_either_way
