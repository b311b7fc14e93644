{{ config(schema='staging') }}

{# What a provider's children may differ in from the region's, and the column of it. #}
{% set parts = {
    'authority': 'la_code',
    'needs': 'needs_profile_id',
    'age': 'age_band',
    'quarter': 'quarter',
} %}
{# A premium is of a provider, and of all that its owner has of the type. #}
{% set units = {'provider': 'provider_urn', 'owner': 'owner_key'} %}
{# Each part of the case mix was fitted as if so many children more had an average price. #}
{% set ridge = 2 %}
{# How much of what sets homes apart lies between the homes of one owner, before the data are seen;
   and as if so many homes had told so. #}
{% set share_within_owner = 0.4 %}
{% set homes_telling = 4 %}
{# Outside the partnership a figure is of so many children: 10, as counts are rounded there. #}
{% set least_children = 8 %}
{# A premium alone, without costs and counts, is of so many, and so many besides those of any one
   authority: it is a difference from what is not published, drawn to nothing and to whole per cent. #}
{% set least_of_premium = 5 %}
{% set least_others_of_premium = 3 %}
{# So many providers of the type to compare with, and prices to learn the noise of. Of three,
   pooling could not tell how far apart they are. #}
{% set least_providers = 4 %}
{% set least_degrees = 20 %}
{# A figure over some of the children of another leaves none or so many of them. #}
{% set least_others = 5 %}
{# So many standard deviations either side hold 80% of a normal distribution. #}
{% set either_side = 1.2815516 %}

with

prices as (

    select
        *,
        -- An own service is that of one authority, all others are one provider for the region.
        case when is_own_service then la_code end as service_la_code
    from {{ ref('int_case_mix_price') }}

),

-- Grain: a placement and a period: its year, and all years.
in_periods as (

    select
        * replace (period as year),
        1.0 / count(*) over (
            partition by placement_type, provider_urn, service_la_code, period, child_id
        ) as weight
    from (
        select
            *,
            unnest([year, 'all years']) as period
        from prices
    ) as twice

),

-- Grain: a child at a provider in a period: the mean over its placements there.
children as (

    select
        placement_type,
        provider_urn,
        service_la_code,
        year,
        la_code,
        child_id,
        count(*) as placements,
        min(owner_id) as owner_id,
        min(owner_key) as owner_key,
        min(provider_sector) as provider_sector,
        avg(log_price - case_mix) as above_case_mix,
        avg(exp(case_mix)) as case_mix_factor,
        avg(gbp_per_week) as gbp_per_week
    from in_periods
    group by placement_type, provider_urn, service_la_code, year, la_code, child_id

),

-- Grain: a type and period: what is average, over the children at providers that are not own.
averages as (

    select
        placement_type,
        year,
        avg(above_case_mix) as above_case_mix
    from children
    where service_la_code is null
    group by placement_type, year

),

-- Grain: a child at a provider in a period. An own service has an average to be compared with only
-- where others provide the type.
compared as (

    select
        children.*,
        children.above_case_mix - averages.above_case_mix as difference,
        children.case_mix_factor * exp(averages.above_case_mix) as expected
    from children
    left join averages
        on children.placement_type = averages.placement_type
        and children.year = averages.year

),

-- Grain: a provider, type and period, and the authority that placed the children.
of_authorities as (

    select
        placement_type,
        provider_urn,
        service_la_code,
        year,
        la_code,
        min(owner_id) as owner_id,
        min(owner_key) as owner_key,
        min(provider_sector) as provider_sector,
        count(*) as children,
        sum(placements) as placements,
        avg(difference) as difference,
        count(*) * var_pop(difference) as squares_within,
        sum(expected) as expected,
        sum(gbp_per_week) as gbp_per_week
    from compared
    group by placement_type, provider_urn, service_la_code, year, la_code

),

-- Grain: a provider, type and period.
of_providers as (

    select
        placement_type,
        provider_urn,
        service_la_code,
        year,
        min(owner_id) as owner_id,
        min(owner_key) as owner_key,
        -- Known ones come before unknown in the alphabet.
        min(provider_sector) as provider_sector,
        count(*) as authorities,
        min(la_code) as only_la_code,
        sum(children) as children,
        sum(children) - max(children) as children_of_others,
        sum(placements) as placements,
        sum(children * difference) / sum(children) as difference,
        sum(expected) / sum(children) as expected_gbp_per_week,
        sum(gbp_per_week) / sum(children) as mean_gbp_per_week
    from of_authorities
    group by placement_type, provider_urn, service_la_code, year

),

-- Grain: a type. How many levels of needs, age and quarter were fitted.
fitted as (

    select
        placement_type,
        count(distinct needs_profile_id) + count(distinct age_band) + count(distinct quarter) - 3
            as levels
    from prices
    where not is_own_service
    group by placement_type

),

-- Grain: a type. How far apart are the children of one authority at one provider, after case mix?
noise as (

    select
        of_authorities.placement_type,
        sum(of_authorities.children) - count(*) - fitted.levels as degrees,
        case
            when sum(of_authorities.children) - count(*) - fitted.levels > 0
                then
                    sum(of_authorities.squares_within)
                    / (sum(of_authorities.children) - count(*) - fitted.levels)
        end as variance
    from of_authorities
    inner join fitted on of_authorities.placement_type = fitted.placement_type
    where of_authorities.service_la_code is null and of_authorities.year = 'all years'
    group by of_authorities.placement_type, fitted.levels

),

-- One row. How far apart are authorities at one and the same provider, beyond noise? That is what
-- prices have of the authority: how it bargains, where it lies, how it answers about needs. Where
-- no provider serves two authorities nobody can tell, and no premium is given.
between_authorities as (

    select
        case
            when sum(apart.room) > 0
                then greatest(0, sum(apart.squares - apart.of_noise) / sum(apart.room))
            when count(distinct apart.la_code) = 1 then 0
        end as variance
    from (
        select
            of_authorities.la_code,
            of_authorities.children * power(of_authorities.difference - of_providers.difference, 2)
                as squares,
            (1 - of_authorities.children / of_providers.children) * noise.variance as of_noise,
            of_authorities.children * (1 - of_authorities.children / of_providers.children) as room
        from of_authorities
        inner join of_providers
            on of_authorities.placement_type = of_providers.placement_type
            and of_authorities.provider_urn = of_providers.provider_urn
            and of_authorities.year = of_providers.year
        inner join noise on of_authorities.placement_type = noise.placement_type
        where
            of_authorities.service_la_code is null
            and of_providers.service_la_code is null
            and of_authorities.year = 'all years'
    ) as apart

),

-- Grain: a provider or owner, type and period, a part (authority, needs, age, quarter) and a level:
-- which share of the children is of it.
unit_levels as (

    {% for unit, key in units.items() %}
    {% set last_unit = loop.last %}
    {% for part, column in parts.items() %}
    select
        '{{ unit }}' as premium_of,
        {{ key }} as unit_key,
        placement_type,
        year,
        '{{ part }}' as part,
        {{ column }} as level,
        sum(weight) as children,
        sum(weight) / sum(sum(weight)) over (partition by placement_type, year, {{ key }}) as share
    from in_periods
    where not is_own_service
    group by placement_type, year, {{ key }}, {{ column }}
    {% if not (loop.last and last_unit) %}union all{% endif %}
    {% endfor %}
    {% endfor %}

),

-- Grain: a type and period, a part and a level of it.
levels as (

    select
        placement_type,
        year,
        part,
        level,
        sum(children) / sum(sum(children)) over (partition by placement_type, year, part) as share
    from unit_levels
    where premium_of = 'provider'
    group by placement_type, year, part, level

),

-- Grain: a type. How far apart are its providers, as far as noise does not make it?
apart as (

    select
        of_providers.placement_type,
        greatest(
            0, var_samp(of_providers.difference) - avg(noise.variance / of_providers.children)
        ) as variance
    from of_providers
    inner join noise on of_providers.placement_type = noise.placement_type
    where of_providers.service_la_code is null and of_providers.year = 'all years'
    group by of_providers.placement_type

),

-- Grain: a type, a part of the case mix and a level of it. How unsure is what it does to the price?
-- Children of it beside others at one provider tell, and providers that have it beside those that
-- have not, as far as providers do not differ anyway; and the children that stand for the pull.
-- Of what one kind of provider has alone, such as infants in a family centre, little is known.
unsure_parts as (

    select
        unit_levels.placement_type,
        unit_levels.part,
        unit_levels.level,
        noise.variance / nullif(
            {{ ridge }} + sum(
                unit_levels.children * (1 - unit_levels.share)
                + noise.variance * power(unit_levels.share, 2)
                / nullif(
                    noise.variance * unit_levels.share / unit_levels.children + apart.variance, 0
                )
            ),
            0
        ) as variance
    from unit_levels
    inner join noise on unit_levels.placement_type = noise.placement_type
    inner join apart on unit_levels.placement_type = apart.placement_type
    where
        unit_levels.premium_of = 'provider'
        and unit_levels.year = 'all years'
        and unit_levels.part <> 'authority'
    group by
        unit_levels.placement_type, unit_levels.part, unit_levels.level, noise.variance

),

-- Grain: a type and period, a part and a level of it.
unsure_levels as (

    select
        levels.*,
        coalesce(unsure_parts.variance, between_authorities.variance) as variance
    from levels
    left join unsure_parts
        on levels.placement_type = unsure_parts.placement_type
        and levels.part = unsure_parts.part
        and levels.level = unsure_parts.level
    cross join between_authorities

),

region_mix as (

    select
        placement_type,
        year,
        sum(variance * share * share) as variance
    from unsure_levels
    group by placement_type, year

),

-- Grain: a provider or owner, type and period. What is unsure matters as far as its children are
-- others than the region's: the sum over levels of variance x (share - region's share) squared.
unit_mix as (

    select
        unit_levels.premium_of,
        unit_levels.unit_key,
        unit_levels.placement_type,
        unit_levels.year,
        region_mix.variance + sum(
            unsure_levels.variance * unit_levels.share
            * (unit_levels.share - 2 * unsure_levels.share)
        ) as variance
    from unit_levels
    inner join unsure_levels
        on unit_levels.placement_type = unsure_levels.placement_type
        and unit_levels.year = unsure_levels.year
        and unit_levels.part = unsure_levels.part
        and unit_levels.level = unsure_levels.level
    inner join region_mix
        on unit_levels.placement_type = region_mix.placement_type
        and unit_levels.year = region_mix.year
    group by
        unit_levels.premium_of,
        unit_levels.unit_key,
        unit_levels.placement_type,
        unit_levels.year,
        region_mix.variance

),

-- Grain: as `of_providers`. Own services have no variance: decision note 0021 says why.
measured as (

    select
        of_providers.*,
        noise.degrees,
        noise.variance / of_providers.children as noise_variance,
        noise.variance / of_providers.children + unit_mix.variance as variance,
        -- One child tells little of how far apart homes are.
        of_providers.children / (of_providers.children + 1) as telling
    from of_providers
    left join noise on of_providers.placement_type = noise.placement_type
    left join unit_mix
        on unit_mix.premium_of = 'provider'
        and of_providers.placement_type = unit_mix.placement_type
        and of_providers.year = unit_mix.year
        and of_providers.provider_urn = unit_mix.unit_key
        and of_providers.service_la_code is null

),

-- Grain: a type. How far apart are its providers, beyond what is unsure of each? The weighted
-- squares about the weighted mean, less what they would be if all were alike.
between_providers as (

    select
        placement_type,
        count(*) as providers,
        greatest(
            0,
            (
                sum(telling * difference * difference)
                - power(sum(telling * difference), 2) / sum(telling)
                - sum(telling * variance)
                + sum(telling * telling * variance) / sum(telling)
            ) / nullif(sum(telling) - sum(telling * telling) / sum(telling), 0)
        ) as variance
    from measured
    where service_la_code is null and year = 'all years'
    group by placement_type

),

-- Grain: an owner and type: the same about the mean of its own providers.
apart_within_owners as (

    select
        placement_type,
        owner_key,
        count(*) as providers,
        sum(telling * difference * difference)
        - power(sum(telling * difference), 2) / sum(telling)
        - sum(telling * variance)
        + sum(telling * telling * variance) / sum(telling) as squares,
        sum(telling) - sum(telling * telling) / sum(telling) as room
    from measured
    where service_la_code is null and year = 'all years'
    group by placement_type, owner_key

),

-- Grain: a type. How far apart are the homes of one owner? With few owners of several homes that is
-- mostly a share of how far apart all homes are.
within_owners as (

    select
        between_providers.placement_type,
        between_providers.providers,
        count(*) as owners,
        between_providers.variance as variance_between_providers,
        greatest(
            0,
            (
                sum(apart_within_owners.squares)
                + {{ homes_telling }} * {{ share_within_owner }} * between_providers.variance
            ) / (sum(apart_within_owners.room) + {{ homes_telling }})
        ) as variance_within_owner,
        sum(apart_within_owners.providers - 1) + {{ homes_telling }} as degrees_within_owner
    from between_providers
    inner join apart_within_owners
        on between_providers.placement_type = apart_within_owners.placement_type
    group by
        between_providers.placement_type,
        between_providers.providers,
        between_providers.variance

),

-- Grain: as `of_providers`, of those that are not own. The more a provider's difference says of its
-- owner, the more it weighs there.
of_homes as (

    select
        measured.*,
        within_owners.providers,
        within_owners.owners,
        within_owners.variance_between_providers,
        within_owners.variance_within_owner,
        within_owners.degrees_within_owner,
        1 / nullif(within_owners.variance_within_owner + measured.noise_variance, 0) as weight
    from measured
    inner join within_owners on measured.placement_type = within_owners.placement_type
    where measured.service_la_code is null

),

-- Grain: an owner, type and period: what its providers together say, and how unsure that is.
of_owners as (

    select
        of_homes.placement_type,
        of_homes.owner_key,
        of_homes.year,
        min(of_homes.owners) as owners,
        sum(of_homes.weight * of_homes.difference) / sum(of_homes.weight) as difference,
        1 / sum(of_homes.weight) + min(unit_mix.variance) as variance,
        min(unit_mix.variance) as mix_variance
    from of_homes
    inner join unit_mix
        on unit_mix.premium_of = 'owner'
        and of_homes.placement_type = unit_mix.placement_type
        and of_homes.year = unit_mix.year
        and of_homes.owner_key = unit_mix.unit_key
    group by of_homes.placement_type, of_homes.owner_key, of_homes.year

),

-- Grain: a type. How far apart are its owners, beyond what is unsure of each?
between_owners as (

    select
        placement_type,
        greatest(
            0,
            (
                sum(telling * difference * difference)
                - power(sum(telling * difference), 2) / sum(telling)
                - sum(telling * variance)
                + sum(telling * telling * variance) / sum(telling)
            ) / nullif(sum(telling) - sum(telling * telling) / sum(telling), 0)
        ) as variance
    from (
        select
            *,
            1 / nullif(variance + mean_variance, 0) as telling
        from (
            select
                *,
                avg(variance) over (partition by placement_type) as mean_variance
            from of_owners
            where year = 'all years'
        ) as of_all_years
    ) as weighed_owners
    group by placement_type

),

-- Partial pooling: the less sure an owner's own difference is, beside how far apart owners are, the
-- more of it is taken off. The terms with the number of owners are from Morris (Journal of the
-- American Statistical Association 78, 1983): how far apart they are is itself not sure.
pooled_owners as (

    select
        *,
        (1 - taken_off) * difference as log_part,
        variance * (1 - (owners - 1) / owners * taken_off)
        + 2 / (owners - 3) * power(taken_off * difference, 2) as log_part_variance
    from (
        select
            of_owners.*,
            case
                when of_owners.owners > 3
                    then
                        (of_owners.owners - 3) / (of_owners.owners - 1)
                        * of_owners.variance
                        / nullif(of_owners.variance + between_owners.variance, 0)
            end as taken_off
        from of_owners
        inner join between_owners on of_owners.placement_type = between_owners.placement_type
    ) as weighed

),

-- The same for a provider, towards its owner instead of towards nothing.
pooled_providers as (

    select
        of_homes.*,
        pooled_owners.log_part,
        pooled_owners.log_part_variance,
        pooled_owners.mix_variance,
        (of_homes.degrees_within_owner - 2) / of_homes.degrees_within_owner
        * of_homes.variance
        / nullif(of_homes.variance + of_homes.variance_within_owner, 0) as taken_off
    from of_homes
    left join pooled_owners
        on of_homes.placement_type = pooled_owners.placement_type
        and of_homes.owner_key = pooled_owners.owner_key
        and of_homes.year = pooled_owners.year

),

with_premium as (

    select
        *,
        (1 - taken_off) * difference + taken_off * log_part as log_premium,
        variance * (1 - taken_off) + power(taken_off, 2) * log_part_variance
        + 2 / degrees_within_owner * power(taken_off * (difference - log_part), 2)
            as log_premium_variance
    from pooled_providers

),

-- Grain: an owner, type and period: the mean of its providers' premiums over their children. What
-- is unsure of each provider counts apart, but for what all share: the case mix and their owner.
premiums_of_owners as (

    select
        placement_type,
        owner_key,
        year,
        min(owner_id) as owner_id,
        min(provider_sector) as provider_sector,
        count(*) as providers_of_owner,
        min(degrees) as degrees,
        min(providers) as providers,
        min(variance_between_providers) as variance_between_providers,
        min(variance_within_owner) as variance_within_owner,
        sum(children * difference) / sum(children) as difference,
        sum(children * taken_off) / sum(children) as taken_off,
        sum(children * log_premium) / sum(children) as log_premium,
        sum(children * children * noise_variance * (1 - taken_off)) / power(sum(children), 2)
        + min(mix_variance) * (1 - sum(children * taken_off) / sum(children))
        + power(sum(children * taken_off) / sum(children), 2) * min(log_part_variance)
            as log_premium_variance,
        sum(children * expected_gbp_per_week) / sum(children) as expected_gbp_per_week,
        sum(children * mean_gbp_per_week) / sum(children) as mean_gbp_per_week
    from with_premium
    group by placement_type, owner_key, year

),

-- Grain: an owner, type and period, and the authority that placed the children. A child who lived
-- in two homes of the owner is one child.
owner_authorities as (

    select
        placement_type,
        owner_key,
        year,
        la_code,
        count(distinct child_id) as children,
        sum(placements) as placements
    from children
    where service_la_code is null
    group by placement_type, owner_key, year, la_code

),

owner_counts as (

    select
        placement_type,
        owner_key,
        year,
        count(*) as authorities,
        min(la_code) as only_la_code,
        sum(children) as children,
        sum(children) - max(children) as children_of_others,
        sum(placements) as placements
    from owner_authorities
    group by placement_type, owner_key, year

),

-- Grain: a provider, or an owner whom a list names, type and period.
units as (

    select
        'provider' as premium_of,
        measured.provider_urn as unit_key,
        measured.provider_urn,
        measured.owner_id,
        measured.service_la_code,
        measured.placement_type,
        measured.year,
        measured.provider_sector,
        1 as providers_of_unit,
        measured.service_la_code is not null
        or count(*) over (
            partition by
                measured.placement_type,
                measured.year,
                measured.owner_key,
                measured.service_la_code
        ) = 1 as is_alone,
        measured.authorities,
        measured.only_la_code,
        measured.children,
        measured.children_of_others,
        measured.placements,
        measured.mean_gbp_per_week,
        measured.expected_gbp_per_week,
        measured.difference,
        measured.variance,
        measured.degrees,
        with_premium.providers,
        with_premium.variance_between_providers,
        with_premium.variance_within_owner,
        with_premium.taken_off,
        with_premium.log_premium,
        with_premium.log_premium_variance
    from measured
    left join with_premium
        on measured.placement_type = with_premium.placement_type
        and measured.provider_urn = with_premium.provider_urn
        and measured.year = with_premium.year
        and measured.service_la_code is null
    union all by name
    select
        'owner' as premium_of,
        premiums_of_owners.owner_id as unit_key,
        premiums_of_owners.owner_id,
        premiums_of_owners.placement_type,
        premiums_of_owners.year,
        premiums_of_owners.provider_sector,
        premiums_of_owners.providers_of_owner as providers_of_unit,
        true as is_alone,
        owner_counts.authorities,
        owner_counts.only_la_code,
        owner_counts.children,
        owner_counts.children_of_others,
        owner_counts.placements,
        premiums_of_owners.mean_gbp_per_week,
        premiums_of_owners.expected_gbp_per_week,
        premiums_of_owners.difference,
        premiums_of_owners.degrees,
        premiums_of_owners.providers,
        premiums_of_owners.variance_between_providers,
        premiums_of_owners.variance_within_owner,
        premiums_of_owners.taken_off,
        premiums_of_owners.log_premium,
        premiums_of_owners.log_premium_variance
    from premiums_of_owners
    inner join owner_counts
        on premiums_of_owners.placement_type = owner_counts.placement_type
        and premiums_of_owners.owner_key = owner_counts.owner_key
        and premiums_of_owners.year = owner_counts.year
    where premiums_of_owners.owner_id is not null

),

with_enough as (

    select
        *,
        coalesce(
            service_la_code is null
            and providers >= {{ least_providers }}
            and degrees >= {{ least_degrees }}
            and log_premium_variance is not null,
            false
        ) as is_measured,
        children >= {{ least_children }}
        and (authorities = 1 or children_of_others >= {{ least_others }}) as is_of_many
    from units

),

-- Where a few children of all years are in no year that is shown, the years would tell of them.
with_years as (

    select
        *,
        sum(case when year <> 'all years' and not is_of_many then children else 0 end) over (
            partition by premium_of, placement_type, unit_key, service_la_code
        ) as children_of_years_not_shown
    from with_enough

),

with_shown as (

    select
        *,
        is_of_many
        and (
            year = 'all years'
            or children_of_years_not_shown = 0
            or children_of_years_not_shown >= {{ least_others }}
        ) as is_enough
    from with_years

),

-- Grain: a provider or owner, type and period; of own services also the authority.
final as (

    select
        premium_of,
        placement_type,
        unit_key,
        provider_urn,
        owner_id,
        service_la_code is not null as is_own_service,
        year,
        case when authorities = 1 then only_la_code end as la_code,
        authorities,
        provider_sector,
        cast(providers_of_unit as bigint) as providers,
        is_alone,
        cast(children as bigint) as children,
        cast(children_of_others as bigint) as children_of_others,
        cast(placements as bigint) as placements,
        round(mean_gbp_per_week, 6) as mean_gbp_per_week,
        round(expected_gbp_per_week, 6) as expected_gbp_per_week,
        round(difference, 6) as difference,
        round(variance, 6) as variance,
        round(variance_between_providers, 6) as variance_between_providers,
        round(variance_within_owner, 6) as variance_within_owner,
        round(taken_off, 6) as taken_off,
        round(log_premium, 6) as log_premium,
        round(sqrt(log_premium_variance), 6) as log_premium_error,
        round(100 * (exp(log_premium) - 1), 6) as premium_percent,
        round(
            100 * (exp(log_premium - {{ either_side }} * sqrt(log_premium_variance)) - 1), 6
        ) as premium_low_percent,
        round(
            100 * (exp(log_premium + {{ either_side }} * sqrt(log_premium_variance)) - 1), 6
        ) as premium_high_percent,
        is_measured,
        is_enough,
        is_enough
        or (
            is_measured
            and year = 'all years'
            and children >= {{ least_of_premium }}
            and (authorities = 1 or children_of_others >= {{ least_others_of_premium }})
        ) as is_shown
    from with_shown

)

select * from final
