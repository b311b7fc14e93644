{{ config(schema='staging') }}

{# What a provider's children may differ in from the region's, and the column of it. #}
{% set parts = {
    'authority': 'la_code',
    'needs': 'needs_profile_id',
    'age': 'age_band',
    'quarter': 'quarter',
} %}
{# Each part of the case mix was fitted as if so many children more had an average price. #}
{% set ridge = 2 %}
{# So many children, and providers of the type to compare with, and prices to learn the noise of. #}
{% set least_children = 10 %}
{# Of three, pooling could not tell how far apart they are. #}
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

-- Grain: a provider, type and period, a part (authority, needs, age, quarter) and a level.
provider_levels as (

    {% for part, column in parts.items() %}
    select
        placement_type,
        year,
        provider_urn,
        '{{ part }}' as part,
        {{ column }} as level,
        sum(weight) as children
    from in_periods
    where not is_own_service
    group by placement_type, year, provider_urn, {{ column }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Grain: a type and period, a part and a level of it.
levels as (

    select
        placement_type,
        year,
        part,
        level,
        sum(children) as children,
        sum(children) / sum(sum(children)) over (partition by placement_type, year, part) as share
    from provider_levels
    group by placement_type, year, part, level

),

-- Grain: as before. How unsure is what a level does to the price?
unsure_levels as (

    select
        levels.*,
        case
            when levels.part = 'authority' then between_authorities.variance
            else noise.variance / (in_all_years.children + {{ ridge }})
        end as variance
    from levels
    inner join levels as in_all_years
        on levels.placement_type = in_all_years.placement_type
        and levels.part = in_all_years.part
        and levels.level = in_all_years.level
        and in_all_years.year = 'all years'
    inner join noise on levels.placement_type = noise.placement_type
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

-- Grain: a provider, type and period. What is unsure matters as far as its children are others than
-- the region's: the sum over levels of variance x (share - share in the region) squared.
provider_mix as (

    select
        provider_levels.placement_type,
        provider_levels.year,
        provider_levels.provider_urn,
        region_mix.variance + sum(
            unsure_levels.variance
            * (provider_levels.children / of_providers.children)
            * (provider_levels.children / of_providers.children - 2 * unsure_levels.share)
        ) as variance
    from provider_levels
    inner join of_providers
        on provider_levels.placement_type = of_providers.placement_type
        and provider_levels.provider_urn = of_providers.provider_urn
        and provider_levels.year = of_providers.year
        and of_providers.service_la_code is null
    inner join unsure_levels
        on provider_levels.placement_type = unsure_levels.placement_type
        and provider_levels.year = unsure_levels.year
        and provider_levels.part = unsure_levels.part
        and provider_levels.level = unsure_levels.level
    inner join region_mix
        on provider_levels.placement_type = region_mix.placement_type
        and provider_levels.year = region_mix.year
    group by
        provider_levels.placement_type,
        provider_levels.year,
        provider_levels.provider_urn,
        region_mix.variance

),

-- Grain: as `of_providers`. Own services have no variance: decision note 0021 says why.
measured as (

    select
        of_providers.*,
        noise.degrees,
        noise.variance / of_providers.children + provider_mix.variance as variance
    from of_providers
    left join noise on of_providers.placement_type = noise.placement_type
    left join provider_mix
        on of_providers.placement_type = provider_mix.placement_type
        and of_providers.year = provider_mix.year
        and of_providers.provider_urn = provider_mix.provider_urn
        and of_providers.service_la_code is null

),

-- Grain: a type. How far apart are its providers, beyond what is unsure of each?
between_providers as (

    select
        placement_type,
        count(*) as providers,
        case
            when count(*) > 3
                then
                    greatest(0, sum(difference * difference) / (count(*) - 1) - avg(variance))
        end as variance
    from measured
    where service_la_code is null and year = 'all years'
    group by placement_type

),

-- Partial pooling: the less sure a provider's own difference is, beside how far apart providers
-- are, the more of it is taken off. The terms with the number of providers are from Morris (Journal
-- of the American Statistical Association 78, 1983): how far apart they are is itself not sure.
weighed as (

    select
        measured.*,
        between_providers.providers,
        between_providers.variance as variance_between_providers,
        case
            when between_providers.providers > 3
                then
                    (between_providers.providers - 3) / (between_providers.providers - 1)
                    * measured.variance
                    / nullif(measured.variance + between_providers.variance, 0)
        end as taken_off
    from measured
    left join between_providers
        on measured.placement_type = between_providers.placement_type

),

pooled as (

    select
        *,
        (1 - taken_off) * difference as log_premium,
        sqrt(
            variance * (1 - (providers - 1) / providers * taken_off)
            + 2 / (providers - 3) * power(taken_off * difference, 2)
        ) as log_premium_error
    from weighed

),

enough_in_row as (

    select
        *,
        coalesce(
            {{ rounded_count('children') }} >= {{ least_children }}
            and (authorities = 1 or children_of_others >= {{ least_others }})
            and (
                service_la_code is not null
                or (
                    providers >= {{ least_providers }}
                    and degrees >= {{ least_degrees }}
                    and log_premium_error is not null
                )
            ),
            false
        ) as is_enough_alone
    from pooled

),

-- Where a few children of all years are in no year that is shown, the years would tell of them.
with_years as (

    select
        *,
        sum(case when year <> 'all years' and not is_enough_alone then children else 0 end) over (
            partition by placement_type, provider_urn, service_la_code
        ) as children_of_years_not_shown
    from enough_in_row

),

-- Grain: a provider, type and period; of own services also the authority.
final as (

    select
        placement_type,
        provider_urn,
        service_la_code is not null as is_own_service,
        year,
        case when authorities = 1 then only_la_code end as la_code,
        authorities,
        provider_sector,
        cast(children as bigint) as children,
        cast(children_of_others as bigint) as children_of_others,
        cast(placements as bigint) as placements,
        round(mean_gbp_per_week, 6) as mean_gbp_per_week,
        round(expected_gbp_per_week, 6) as expected_gbp_per_week,
        round(difference, 6) as difference,
        round(variance, 6) as variance,
        round(variance_between_providers, 6) as variance_between_providers,
        round(taken_off, 6) as taken_off,
        round(log_premium, 6) as log_premium,
        round(log_premium_error, 6) as log_premium_error,
        round(100 * (exp(log_premium) - 1), 6) as premium_percent,
        round(100 * (exp(log_premium - {{ either_side }} * log_premium_error) - 1), 6)
            as premium_low_percent,
        round(100 * (exp(log_premium + {{ either_side }} * log_premium_error) - 1), 6)
            as premium_high_percent,
        is_enough_alone
        and (
            year = 'all years'
            or children_of_years_not_shown = 0
            or children_of_years_not_shown >= {{ least_others }}
        ) as is_enough
    from with_years

)

select * from final
