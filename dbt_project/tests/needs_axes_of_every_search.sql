with

searches as (

    select count(*) as searches from {{ ref('referral') }}

),

axes as (

    select count(*) as axes from {{ ref('needs_axis') }} where combine <> 'kinds'

),

found as (

    select count(*) as row_count from {{ ref('int_needs_axis') }}

)

select
    searches.searches * axes.axes as rows_expected,
    found.row_count as rows_found
from searches
cross join axes
cross join found
where searches.searches * axes.axes <> found.row_count
