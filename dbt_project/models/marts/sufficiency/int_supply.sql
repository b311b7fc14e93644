{{ config(schema='staging') }}

with

providers as (

    select
        *,
        case provider_type
            when 'Fostering agency' then 'foster'
            when 'Children''s home' then 'residential'
            when 'Secure children''s home' then 'residential'
            when 'Residential special school' then 'residential'
            when 'Supported accommodation' then 'supported'
            else 'other'
        end as placement_type
    from {{ ref('dim_provider') }}
    where is_listed

),

lists as (

    select
        min(list_date) as first_list_date,
        count(distinct list_date) as lists
    from {{ ref('stg_ofsted__provider_list') }}

),

placements as (

    select * from {{ ref('fct_placement') }}

),

coverage as (

    select * from {{ ref('coverage') }}

),

authorities as (

    select * from {{ ref('local_authority') }} where is_in_region

),

-- One row: the months that all the files together cover, and the one before to tell what changed.
covered as (

    select
        min(first_date) as first_covered_date,
        {{ months_before('min(first_date)', 1) }} as first_date,
        max(last_date) as last_date
    from coverage

),

-- Grain: a month, by its last day.
months as (

    select
        last_day(
            cast(
                unnest(
                    generate_series(
                        cast(date_trunc('month', first_date) as date), last_date, interval '1 month'
                    )
                ) as date
            )
        ) as month_end_date
    from covered

),

-- Grain: a month and provider on the list that held on its last day.
listed as (

    select
        months.month_end_date,
        providers.urn,
        providers.la_code,
        providers.placement_type,
        providers.places,
        providers.overall_rating
    from months
    inner join providers
        on months.month_end_date >= coalesce(providers.valid_from, months.month_end_date)
        and months.month_end_date <= coalesce(providers.valid_to, months.month_end_date)

),

-- Grain: a month and provider: whether it was listed a month before and will be a month later.
with_neighbours as (

    select
        listed.*,
        before.urn is null as is_opened,
        after.urn is null as is_last_seen,
        last_day({{ day_after('listed.month_end_date') }}) as next_month_end_date
    from listed
    left join listed as before
        on listed.urn = before.urn
        and last_day({{ day_after('before.month_end_date') }}) = listed.month_end_date
        and listed.la_code is not distinct from before.la_code
        and listed.placement_type = before.placement_type
    left join listed as after
        on listed.urn = after.urn
        and last_day({{ day_after('listed.month_end_date') }}) = after.month_end_date
        and listed.la_code is not distinct from after.la_code
        and listed.placement_type = after.placement_type

),

-- Grain: an area of the region, type and month; what opened and closed is as the lists have it.
counted_providers as (

    select
        coalesce(with_neighbours.la_code, 'region') as area_code,
        with_neighbours.placement_type,
        with_neighbours.month_end_date,
        count(*) as providers,
        count(with_neighbours.places) as providers_with_places,
        coalesce(sum(with_neighbours.places), 0) as places,
        {{ count_where('with_neighbours.is_opened') }} as opened,
        {{ count_where(
            "with_neighbours.overall_rating <> 'Not yet inspected'"
        ) }} as rated,
        {{ count_where(
            "with_neighbours.overall_rating in ('Good', 'Outstanding')"
        ) }} as good_or_outstanding
    from with_neighbours
    inner join authorities on with_neighbours.la_code = authorities.la_code
    group by grouping sets (
        (
            with_neighbours.la_code,
            with_neighbours.placement_type,
            with_neighbours.month_end_date
        ),
        (with_neighbours.placement_type, with_neighbours.month_end_date)
    )

),

-- The month of a closure is the one in which the provider is no longer listed.
counted_closures as (

    select
        coalesce(with_neighbours.la_code, 'region') as area_code,
        with_neighbours.placement_type,
        with_neighbours.next_month_end_date as month_end_date,
        count(*) as closed
    from with_neighbours
    inner join authorities on with_neighbours.la_code = authorities.la_code
    where with_neighbours.is_last_seen
    group by grouping sets (
        (
            with_neighbours.la_code,
            with_neighbours.placement_type,
            with_neighbours.next_month_end_date
        ),
        (with_neighbours.placement_type, with_neighbours.next_month_end_date)
    )

),

-- Grain: a child in a home of the region on the last day of a month. A home is where its provider
-- is, and of an authority the children are its own.
living as (

    select
        listed.month_end_date,
        listed.la_code as area_code,
        listed.placement_type,
        placements.la_code,
        placements.child_id,
        placements.la_code = listed.la_code as is_own
    from listed
    inner join placements
        on listed.urn = placements.provider_urn
        and listed.month_end_date >= placements.start_date
        and listed.month_end_date < placements.counted_to_date
    inner join authorities on listed.la_code = authorities.la_code
    where
        not placements.is_short_break
        and not placements.is_temporary

),

counted_children as (

    select
        area_code,
        placement_type,
        month_end_date,
        count(distinct la_code) as authorities,
        count(distinct child_id) as children_placed
    from living
    where is_own
    group by area_code, placement_type, month_end_date
    union all
    select
        'region' as area_code,
        placement_type,
        month_end_date,
        count(distinct la_code) as authorities,
        count(distinct child_id) as children_placed
    from living
    group by placement_type, month_end_date

),

keys as (

    select
        area_code,
        placement_type,
        month_end_date
    from counted_providers
    union
    select
        counted_closures.area_code,
        counted_closures.placement_type,
        counted_closures.month_end_date
    from counted_closures
    inner join months on counted_closures.month_end_date = months.month_end_date

),

final as (

    select
        keys.area_code,
        keys.placement_type,
        keys.month_end_date,
        -- Before the second list nobody can know what opened or closed.
        coalesce(
            lists.lists > 1 and keys.month_end_date > last_day(lists.first_list_date), false
        ) as is_change_known,
        coalesce(counted_providers.providers, 0) as providers,
        coalesce(counted_providers.providers_with_places, 0) as providers_with_places,
        coalesce(counted_providers.places, 0) as places,
        coalesce(counted_providers.opened, 0) as opened,
        coalesce(counted_closures.closed, 0) as closed,
        coalesce(counted_providers.rated, 0) as rated,
        coalesce(counted_providers.good_or_outstanding, 0) as good_or_outstanding,
        coalesce(counted_children.authorities, 0) as authorities,
        coalesce(counted_children.children_placed, 0) as children_placed
    from keys
    cross join lists
    inner join covered on keys.month_end_date >= covered.first_covered_date
    left join counted_providers
        on keys.area_code = counted_providers.area_code
        and keys.placement_type = counted_providers.placement_type
        and keys.month_end_date = counted_providers.month_end_date
    left join counted_closures
        on keys.area_code = counted_closures.area_code
        and keys.placement_type = counted_closures.placement_type
        and keys.month_end_date = counted_closures.month_end_date
    left join counted_children
        on keys.area_code = counted_children.area_code
        and keys.placement_type = counted_children.placement_type
        and keys.month_end_date = counted_children.month_end_date

)

select * from final
