{% set of_needs = [
    'support',
    'risk_to_others',
    'risk_to_self',
    'exploitation',
    'health',
    'unaccompanied',
    'siblings',
] %}
{% set areas = {'region': "''", 'authority': 'la_code'} %}
{% set neighbours = 10 %}

with

placements as (

    select * from {{ ref('placement') }}

),

prices as (

    select * from {{ ref('placement_price') }}

),

axes as (

    select * from {{ ref('needs_axis') }} where distance_weight is not null

),

levels as (

    select * from {{ ref('int_needs_axis') }}

),

profiles as (

    select * from {{ ref('search_needs_profile') }}

),

-- Grain: a provider whose owner a list names: the last that one names.
owners as (

    select
        urn,
        max_by(owner_id, coalesce(valid_from, date '1900-01-01')) as owner_id
    from {{ ref('dim_provider') }}
    where owner_id is not null
    group by urn

),

weights as (

    select
        {% for axis in of_needs %}
        max(case when axis = '{{ axis }}' then distance_weight end) as {{ axis }},
        {% endfor %}
        {{ var('similar_children_age_weight') }} as age,
        sum(distance_weight) + {{ var('similar_children_age_weight') }} as total
    from axes

),

-- Grain: a search. Each axis from 0 to its weight; null where not known.
needs as (

    select
        {% for axis in of_needs %}
        max(case when levels.axis = '{{ axis }}' then levels.share * axes.distance_weight end)
            as {{ axis }},
        {% endfor %}
        levels.referral_id
    from levels
    inner join axes on levels.axis = axes.axis
    group by levels.referral_id

),

-- Grain: a placement with a known price, its latest, and known needs. A placement has one search
-- at most, and a search has one row of needs.
priced as (

    select
        placements.id as placement_id,
        row_number() over (order by placements.id) as placement_number,
        dense_rank() over (order by placements.la_code, placements.child_id) as child_number,
        placements.la_code,
        placements.provider_urn,
        owners.owner_id,
        placements.provider_sector,
        coalesce(placements.placement_type, 'unknown') as placement_type,
        placements.age_at_start,
        {{ age_band('placements.age_at_start') }} as age_band,
        prices.gbp_per_week,
        prices.priced_from_date as price_from,
        profiles.needs_profile_id,
        {% for axis in of_needs %}
        needs.{{ axis }},
        {% endfor %}
        -- Ages so many years apart are as far apart as ages can be.
        weights.age * placements.age_at_start / {{ var('similar_children_age_years') }} as age
    from placements
    inner join prices
        on placements.id = prices.placement_id
        and prices.price_basis in ('agreed', 'same carer')
    inner join needs on placements.referral_id = needs.referral_id
    inner join profiles on placements.referral_id = profiles.referral_id
    left join owners on placements.provider_urn = owners.urn
    cross join weights

),

-- Grain: a placement, within the region and within its authority. Placements of one type and age
-- band, of which all that the distance looks at is the same, are one description; those of them
-- that were priced in one financial year, one cell.
in_areas as (

    {% for area, code in areas.items() %}
    select
        '{{ area }}' as compared_within,
        dense_rank() over (
            order by
                {{ code }} asc,
                placement_type asc,
                age_band asc,
                {% for axis in of_needs %}
                {{ axis }} asc,
                {% endfor %}
                age asc
        ) as description,
        extract(year from price_from - interval '3 months') as price_year,
        {{ code }} as area_code,
        *
    from priced
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Grain: an area and a description.
descriptions as (

    select
        compared_within,
        description,
        area_code,
        placement_type,
        age_band,
        age,
        {% for axis in of_needs %}
        {{ axis }},
        {% endfor %}
        count(distinct child_number) as children
    from in_areas
    group by
        compared_within,
        description,
        area_code,
        placement_type,
        age_band,
        {% for axis in of_needs %}
        {{ axis }},
        {% endfor %}
        age

),

-- Compared are descriptions of one type and age band, not placements: of these there are tens of
-- millions of pairs in a large region, and of descriptions few more when it grows. Nobody would
-- price one type by another.
-- Grain: an area and two descriptions. The distance is in millionths: there is a tie or there is
-- none.
description_pairs as (

    select
        this.compared_within,
        this.description,
        other.description as other_description,
        other.children,
        cast(
            round(1000000 * (
                least(
                    weights.age,
                    {{ ordinal_distance('this.age', 'other.age', 'weights.age') }}
                )
                {% for axis in of_needs %}
                + {{ ordinal_distance('this.' ~ axis, 'other.' ~ axis, 'weights.' ~ axis) }}
                {% endfor %}
            ) / weights.total) as bigint
        ) as distance
    from descriptions as this
    inner join descriptions as other
        on this.compared_within = other.compared_within
        and this.area_code = other.area_code
        and this.placement_type = other.placement_type
        and this.age_band = other.age_band
    cross join weights

),

-- Grain: an area, a description and one of the nearest, until there are children enough. A child
-- may be of several descriptions, and one of them is the child itself: so twice as many as are
-- wanted.
near_descriptions as (

    select * exclude (nearer)
    from (
        select
            *,
            sum(children) over (
                partition by compared_within, description
                order by distance
                range between unbounded preceding and 1 preceding
            ) as nearer
        from description_pairs
    ) as in_order
    where coalesce(nearer, 0) < {{ 2 * neighbours }}

),

-- Grain: an area, a cell and a child of it, of the children with the latest prices: more than these
-- are never wanted of one cell.
candidates as (

    select * exclude (child_order)
    from (
        select
            *,
            row_number() over (
                partition by compared_within, description, price_year
                order by price_from desc, placement_number asc
            ) as child_order
        from (
            select
                compared_within,
                description,
                price_year,
                child_number,
                max_by(placement_number, (price_from, -placement_number)) as placement_number,
                max(price_from) as price_from
            from in_areas
            group by compared_within, description, price_year, child_number
        ) as of_children
    ) as in_order
    where child_order <= {{ neighbours + 1 }}

),

-- Grain: an area, a cell and a child near to it, by the nearest of the child's placements. As near
-- ones go by the nearer year of price, then by the later price, then by the id: never a tie.
near_cells as (

    select
        cells.compared_within,
        cells.description,
        cells.price_year,
        candidates.child_number,
        min((
            near_descriptions.distance,
            abs(cells.price_year - candidates.price_year),
            {{ days_between('candidates.price_from', "date '2200-01-01'") }},
            candidates.placement_number
        )) as nearness
    from (select distinct compared_within, description, price_year from in_areas) as cells
    inner join near_descriptions
        on cells.compared_within = near_descriptions.compared_within
        and cells.description = near_descriptions.description
    inner join candidates
        on near_descriptions.compared_within = candidates.compared_within
        and near_descriptions.other_description = candidates.description
    group by cells.compared_within, cells.description, cells.price_year, candidates.child_number

),

-- Grain: an area, a cell and one of the nearest children, and one more: the child itself may be
-- among them.
nearest_cells as (

    select
        compared_within,
        description,
        price_year,
        child_number,
        nearness,
        nearness[1] as distance,
        nearness[4] as placement_number
    from near_cells
    qualify row_number() over (
        partition by compared_within, description, price_year
        order by nearness
    ) <= {{ neighbours + 1 }}

),

-- Grain: a placement, the region or its authority, and a rank.
nearest as (

    select
        in_areas.compared_within,
        in_areas.placement_number,
        nearest_cells.placement_number as other_placement_number,
        nearest_cells.distance,
        row_number() over (
            partition by in_areas.compared_within, in_areas.placement_number
            order by nearest_cells.nearness
        ) as similarity_rank
    from in_areas
    inner join nearest_cells
        on in_areas.compared_within = nearest_cells.compared_within
        and in_areas.description = nearest_cells.description
        and in_areas.price_year = nearest_cells.price_year
        and in_areas.child_number <> nearest_cells.child_number

),

-- Grain: as before.
final as (

    select
        this.placement_id,
        nearest.compared_within,
        nearest.similarity_rank,
        other.placement_id as other_placement_id,
        this.la_code,
        this.la_code <> other.la_code as is_other_la,
        nearest.distance / 1000000.0 as distance,
        this.placement_type,
        this.age_band,
        this.age_at_start,
        other.age_at_start as other_age_at_start,
        this.needs_profile_id = other.needs_profile_id as is_same_needs_profile,
        this.gbp_per_week,
        this.price_from,
        other.gbp_per_week as other_gbp_per_week,
        other.price_from as other_price_from,
        this.provider_urn,
        other.provider_urn as other_provider_urn,
        this.provider_urn = other.provider_urn as is_same_provider,
        this.owner_id,
        other.owner_id as other_owner_id,
        this.owner_id = other.owner_id as is_same_owner,
        other.provider_sector as other_provider_sector
    from nearest
    inner join priced as this on nearest.placement_number = this.placement_number
    inner join priced as other on nearest.other_placement_number = other.placement_number
    where nearest.similarity_rank <= {{ neighbours }}

)

select * from final
