{{ config(schema='staging') }}

{# What a price is explained by, and the column that it is found in. #}
{% set case_mix = {
    'needs': 'needs_profile_id',
    'age': 'age_band',
    'quarter': 'quarter',
} %}
{# Each is pulled to nothing as if so many children had an average price. #}
{% set ridge = 2 %}
{# A provider is pulled to its owner's mean as if it had so many children more, who cost that. #}
{% set provider_ridge = 0.5 %}
{% set steps = range(1, 11) %}

with

placements as (

    select * from {{ ref('fct_placement') }}

),

prices as (

    select * from {{ ref('placement_price') }}

),

searches as (

    select * from {{ ref('search_needs_profile') }}

),

-- Grain: a provider on any list. Its owner is the last that a list names.
owners as (

    select
        urn,
        max_by(
            owner_id,
            case when owner_id is not null then coalesce(valid_from, date '1900-01-01') end
        ) as owner_id,
        bool_or(
            lower(provider_type) like 'secure%' or lower(provider_type) like '%family centre%'
        ) as is_of_its_own_kind
    from {{ ref('dim_provider') }}
    group by urn

),

-- Grain: a placement with a known price, provider and needs. A placement has one search at most.
priced as (

    select
        placements.id as placement_id,
        placements.la_code,
        placements.child_id,
        placements.placement_type,
        placements.provider_urn,
        owners.owner_id,
        -- A provider whose owner nobody knows is an owner of its own.
        coalesce(owners.owner_id, placements.provider_urn) as owner_key,
        placements.provider_sector,
        placements.provider_sector = 'own provision' as is_own_service,
        case
            when extract(month from placements.start_date) >= 4
                then extract(year from placements.start_date)
            else extract(year from placements.start_date) - 1
        end as year_began,
        placements.quarter,
        placements.age_band,
        searches.needs_profile_id,
        prices.first_agreed_gbp_per_week as gbp_per_week,
        ln(cast(prices.first_agreed_gbp_per_week as double)) as log_price
    from placements
    inner join prices on placements.id = prices.placement_id
    inner join searches on placements.referral_id = searches.referral_id
    left join owners on placements.provider_urn = owners.urn
    where
        placements.placement_type is not null
        and placements.provider_urn is not null
        and placements.start_date is not null
        and prices.first_agreed_gbp_per_week > 0
        and not placements.is_short_break
        and not placements.is_temporary
        -- To a secure home, or to a family centre for parents with infants, no other home is an
        -- alternative; and what infants cost could not be told from what these centres charge.
        and coalesce(placements.place_code, '') not in ('K1', 'R3')
        and not coalesce(owners.is_of_its_own_kind, false)

),

-- A child counts once at each provider, however often it was placed there.
quarter_0 as (

    select
        *,
        1.0 / count(*) over (partition by placement_type, provider_urn, child_id) as weight,
        cast(0 as double) as owner_effect,
        cast(0 as double) as provider_effect,
        cast(0 as double) as needs_effect,
        cast(0 as double) as age_effect,
        cast(0 as double) as quarter_effect
    from priced
    where not is_own_service

),

-- Within a type the logarithm of a price is taken for a sum: the provider's part, and one for the
-- needs, the age and the quarter. Each part in turn is the mean of what the others leave over, and
-- again, until nothing moves any more. The provider's is in the sum from the start, so that dear
-- providers which take a kind of children do not make these children look dear. Where it has few
-- children, the other homes of its owner say what may be the provider's.
{% for step in steps %}
owner_{{ step }} as (

    select
        * replace (
            sum(weight * (log_price - needs_effect - age_effect - quarter_effect))
                over (partition by placement_type, owner_key)
            / sum(weight) over (partition by placement_type, owner_key) as owner_effect
        )
    from quarter_{{ step - 1 }}

),

provider_{{ step }} as (

    select
        * replace (
            owner_effect + sum(weight * (
                log_price - owner_effect - needs_effect - age_effect - quarter_effect
            )) over (partition by placement_type, provider_urn)
            / ({{ provider_ridge }} + sum(weight) over (partition by placement_type, provider_urn))
                as provider_effect
        )
    from owner_{{ step }}

),

{% for part, column in case_mix.items() %}
{{ part }}_{{ step }} as (

    select
        * replace (
            sum(weight * (
                log_price + {{ part }}_effect
                - provider_effect - needs_effect - age_effect - quarter_effect
            )) over (partition by placement_type, {{ column }})
            / ({{ ridge }} + sum(weight) over (partition by placement_type, {{ column }}))
                as {{ part }}_effect
        )
    from {{ 'provider_' ~ step if loop.first else loop.previtem[0] ~ '_' ~ step }}

),

{% endfor %}
{% endfor %}
{% for part, column in case_mix.items() %}
-- Grain: a type of placement and {{ column }}.
{{ part }}_effects as (

    select
        placement_type,
        {{ column }},
        max({{ part }}_effect) as effect
    from quarter_{{ steps[-1] }}
    group by placement_type, {{ column }}

),

{% endfor %}
-- Grain: a placement that is no own service's: what the last step still moved.
moved as (

    select
        after.placement_id,
        abs(
            after.needs_effect + after.age_effect + after.quarter_effect
            - before.needs_effect - before.age_effect - before.quarter_effect
        ) as last_move
    from quarter_{{ steps[-1] }} as after
    inner join quarter_{{ steps[-2] }} as before on after.placement_id = before.placement_id

),

-- Grain: a placement with a known price, provider and needs. What no other provider knows of counts
-- as average.
final as (

    select
        priced.placement_id,
        priced.la_code,
        priced.child_id,
        priced.placement_type,
        priced.provider_urn,
        priced.owner_id,
        priced.owner_key,
        priced.provider_sector,
        priced.is_own_service,
        priced.year_began || '-' || right(cast(priced.year_began + 1 as varchar), 2) as year,
        priced.quarter,
        priced.age_band,
        priced.needs_profile_id,
        priced.gbp_per_week,
        round(
            coalesce(needs_effects.effect, 0)
            + coalesce(age_effects.effect, 0)
            + coalesce(quarter_effects.effect, 0),
            9
        ) as case_mix,
        round(priced.log_price, 9) as log_price,
        moved.last_move
    from priced
    {% for part, column in case_mix.items() %}
    left join {{ part }}_effects
        on priced.placement_type = {{ part }}_effects.placement_type
        and priced.{{ column }} = {{ part }}_effects.{{ column }}
    {% endfor %}
    left join moved on priced.placement_id = moved.placement_id

)

select * from final
