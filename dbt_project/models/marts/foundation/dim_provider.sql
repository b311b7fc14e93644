with

english_authorities as (

    select * from {{ ref('english_authority') }}

),

-- An authority owns its own services, whatever the list calls it.
listed as (

    select
        lists.* exclude (owner_name),
        case
            when lower(lists.sector) = 'local authority'
                then coalesce(english_authorities.la_name, lists.owner_name)
            else lists.owner_name
        end as owner_name
    from {{ ref('stg_ofsted__provider_list') }} as lists
    left join english_authorities on lists.la_code = english_authorities.la_code

),

providers as (

    select * from {{ ref('provider') }}

),

-- Grain: a list. A single list may have no day.
lists as (

    select
        list_date,
        row_number() over (order by list_date) as list_number,
        lead(list_date) over (order by list_date) as next_list_date
    from (select distinct list_date from listed) as days

),

-- Grain: a provider and list.
list_rows as (

    select
        listed.*,
        {{ normal_owner('listed.owner_name') }} as normal_owner,
        lists.list_number,
        lists.next_list_date,
        {{ keyed_id([
            'listed.provider_name',
            'listed.provider_type',
            'listed.sector',
            'listed.registration_status',
            'listed.places',
            'listed.la_code',
            'listed.overall_rating',
            'listed.rating_date',
            normal_owner('listed.owner_name'),
        ]) }} as content_key
    from listed
    inner join lists on listed.list_date is not distinct from lists.list_date

),

with_previous as (

    select
        *,
        lag(list_number) over (partition by urn order by list_number) as previous_list_number,
        lag(content_key) over (partition by urn order by list_number) as previous_content_key
    from list_rows

),

-- A version begins where the list before has not the provider, or has it with something else.
with_version as (

    select
        *,
        sum(
            case
                when previous_list_number = list_number - 1 and previous_content_key = content_key
                    then 0
                else 1
            end
        ) over (
            partition by urn
            order by list_number
            rows between unbounded preceding and current row
        ) as version_number
    from with_previous

),

version_ends as (

    select
        urn,
        version_number,
        min(list_number) as first_list_number,
        max(list_number) as last_list_number
    from with_version
    group by urn, version_number

),

-- Grain: a provider and version: it holds until the next list, which has it no longer or changed.
versions as (

    select
        first_rows.urn,
        first_rows.provider_name,
        first_rows.provider_type,
        first_rows.sector,
        first_rows.registration_status,
        first_rows.places,
        first_rows.la_code,
        first_rows.overall_rating,
        first_rows.rating_date,
        first_rows.owner_name,
        first_rows.normal_owner,
        case when first_rows.list_number > 1 then first_rows.list_date end as valid_from,
        {{ day_before('last_rows.next_list_date') }} as valid_to,
        last_rows.next_list_date is null as is_current
    from version_ends
    inner join with_version as first_rows
        on version_ends.urn = first_rows.urn
        and version_ends.first_list_number = first_rows.list_number
    inner join with_version as last_rows
        on version_ends.urn = last_rows.urn
        and version_ends.last_list_number = last_rows.list_number

),

urns as (

    select urn from versions
    union
    select urn from providers

),

-- Grain: a provider and version; one row for a number that no list has.
final as (

    select
        {{ keyed_id(["'provider version'", 'urns.urn', 'versions.valid_from']) }} as id,
        urns.urn,
        versions.provider_name,
        versions.provider_type,
        versions.sector,
        versions.registration_status,
        versions.places,
        versions.la_code,
        versions.overall_rating,
        versions.rating_date,
        case when versions.normal_owner is not null then versions.owner_name end as owner_name,
        case
            when versions.normal_owner is not null
                then {{ keyed_id(["'owner'", 'versions.normal_owner']) }}
        end as owner_id,
        versions.valid_from,
        versions.valid_to,
        coalesce(versions.is_current, false) as is_current,
        versions.urn is not null as is_listed,
        coalesce(providers.is_used, false) as is_used
    from urns
    left join versions on urns.urn = versions.urn
    left join providers on urns.urn = providers.urn

)

select * from final
