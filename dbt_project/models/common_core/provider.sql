with

listed as (

    select * from {{ ref('stg_ofsted__provider') }} where urn is not null

),

returns as (

    select * from {{ ref('int_placement_return') }}

),

episodes as (

    select * from {{ ref('int_episode_run') }}

),

list_rows as (

    select
        *,
        row_number() over (
            partition by urn
            order by rating_date desc nulls last, provider_name asc, la_code asc, provider_type asc
        ) as list_order
    from listed

),

latest_listed as (

    select * from list_rows where list_order = 1

),

seen as (

    select provider_urn as urn from returns where provider_urn is not null
    union
    select provider_urn as urn from episodes where provider_urn is not null

),

-- Grain: a URN, listed or used.
final as (

    select
        coalesce(latest_listed.urn, seen.urn) as urn,
        latest_listed.provider_name,
        latest_listed.provider_type,
        latest_listed.sector,
        latest_listed.registration_status,
        latest_listed.places,
        latest_listed.la_code,
        latest_listed.overall_rating,
        latest_listed.rating_date,
        latest_listed.urn is not null as is_listed,
        seen.urn is not null as is_used
    from latest_listed
    full outer join seen on latest_listed.urn = seen.urn

)

select * from final
