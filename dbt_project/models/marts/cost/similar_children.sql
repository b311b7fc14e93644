{% set of_needs = [
    'support',
    'risk_to_others',
    'risk_to_self',
    'exploitation',
    'health',
    'unaccompanied',
    'siblings',
] %}
{% set areas = ['region', 'authority'] %}
{% set neighbours = 10 %}

with

placements as (

    select * from {{ ref('placement') }}

),

finances as (

    select * from {{ ref('finance') }}

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

weights as (

    select
        {% for axis in of_needs %}
        max(case when axis = '{{ axis }}' then distance_weight end) as {{ axis }},
        {% endfor %}
        {{ var('similar_children_age_weight') }} as age,
        sum(distance_weight) + {{ var('similar_children_age_weight') }} as total
    from axes

),

finance_order as (

    select
        *,
        row_number() over (partition by placement_id order by valid_from desc) as cost_order
    from finances
    where agreed_weekly_cost is not null

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

-- Grain: a placement with a known price, at its latest, and known needs. A placement has one search
-- at most, and a search has one row of needs.
priced as (

    select
        placements.id as placement_id,
        row_number() over (order by placements.id) as placement_number,
        dense_rank() over (order by placements.la_code, placements.child_id) as child_number,
        placements.la_code,
        placements.provider_urn,
        placements.provider_sector,
        coalesce(placements.placement_type, 'unknown') as placement_type,
        placements.age_at_start,
        {{ age_band('placements.age_at_start') }} as age_band,
        finance_order.agreed_weekly_cost as gbp_per_week,
        finance_order.valid_from as price_from,
        profiles.needs_profile_id,
        {% for axis in of_needs %}
        needs.{{ axis }},
        {% endfor %}
        -- Ages so many years apart are as far apart as ages can be.
        weights.age * placements.age_at_start / {{ var('similar_children_age_years') }} as age
    from placements
    inner join finance_order
        on placements.id = finance_order.placement_id
        and finance_order.cost_order = 1
    inner join needs on placements.referral_id = needs.referral_id
    inner join profiles on placements.referral_id = profiles.referral_id
    cross join weights

),

-- Within the region and within each authority apart. Compared are another child's placements of
-- the same type and age band only: all with all would be far more, and nobody would price one type
-- by another. As near ones go by the nearer date of price, then by the id, so that there is never a
-- tie. The three stand in one number, of which the ten least are kept while the pairs pass by:
-- twenty thousand placements make some seventy million pairs, too many to put in order.
{% for area in areas %}
-- Grain: a placement and one of the nearest to it.
{{ area }}_nearest as (

    select
        '{{ area }}' as compared_within,
        this.placement_number,
        unnest(min(
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
            ) * 1000000000000
            + least(
                99999, abs({{ days_between('this.price_from', 'other.price_from') }})
            ) * 10000000
            + other.placement_number,
            {{ neighbours }}
        )) as nearness
    from priced as this
    inner join priced as other
        on this.placement_type = other.placement_type
        and this.age_band = other.age_band
        {% if area == 'authority' %}and this.la_code = other.la_code{% endif %}
        and this.child_number <> other.child_number
    cross join weights
    group by this.placement_number

),

{% endfor %}
nearest as (

    {% for area in areas %}
    select * from {{ area }}_nearest
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Grain: a placement, the region or its authority, and a rank.
final as (

    select
        this.placement_id,
        nearest.compared_within,
        row_number() over (
            partition by nearest.placement_number, nearest.compared_within
            order by nearest.nearness
        ) as similarity_rank,
        other.placement_id as other_placement_id,
        this.la_code,
        this.la_code <> other.la_code as is_other_la,
        (nearest.nearness - nearest.nearness % 1000000000000) / 1000000000000 / 1000000.0
            as distance,
        this.placement_type,
        this.age_band,
        this.age_at_start,
        other.age_at_start as other_age_at_start,
        this.needs_profile_id = other.needs_profile_id as is_same_needs_profile,
        this.gbp_per_week,
        this.price_from,
        other.gbp_per_week as other_gbp_per_week,
        other.price_from as other_price_from,
        this.provider_urn = other.provider_urn as is_same_provider,
        other.provider_sector as other_provider_sector
    from nearest
    inner join priced as this on nearest.placement_number = this.placement_number
    inner join priced as other on nearest.nearness % 10000000 = other.placement_number

)

select * from final
