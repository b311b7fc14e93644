with

premiums as (

    select * from {{ ref('int_provider_premium') }}

),

prices as (

    select * from {{ ref('int_case_mix_price') }}

),

providers as (

    select * from {{ ref('provider') }}

),

-- Grain: an owner, by one of the ways in which the lists write its name.
owners as (

    select
        owner_id,
        min(owner_name) as owner_name
    from {{ ref('dim_provider') }}
    where owner_id is not null
    group by owner_id

),

-- Outside the partnership the homes of an owner are told together: of most, one by one, there are
-- too few children, and beside their sum the others would tell of them.
told as (

    select
        *,
        case when is_own_service then la_code else '' end as own_service_of
    from premiums
    where not {{ is_withheld('not is_alone') }}

),

authorities as (

    select * from {{ ref('local_authority') }}

),

-- One row: the quarters that all prices are of, and whether any of their children are invented.
covered as (

    select
        min(prices.quarter) as first_quarter,
        max(prices.quarter) as last_quarter,
        max(case when authorities.is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from prices
    inner join authorities on prices.la_code = authorities.la_code

),

suppressed as (

    {{ suppressed(
        'told',
        ['children', 'placements'],
        keep=[
            'premium_of', 'placement_type', 'unit_key', 'provider_urn', 'owner_id',
            'is_own_service', 'own_service_of', 'year', 'la_code', 'authorities',
            'provider_sector', 'providers', 'mean_gbp_per_week', 'expected_gbp_per_week',
            'premium_percent', 'premium_low_percent', 'premium_high_percent', 'is_measured',
            'is_enough', 'is_shown',
        ],
        totals=[{
            'when': "year = 'all years'",
            'within': ['premium_of', 'placement_type', 'unit_key', 'own_service_of'],
        }],
    ) }}

),

-- Grain: as before. Beside a count that is withheld no cost is shown, for with it the cost of a few
-- could be worked out.
with_finding as (

    select
        *,
        {{ is_withheld('not is_enough or children is null') }} as is_without_costs,
        case
            when {{ is_withheld('not is_shown') }} then {{ too_few() }}
            when is_own_service then 'own service: no premium'
            when not is_measured then 'not enough: see similar_children'
            else 'premium'
        end as finding
    from suppressed

),

-- Nothing added to a rounded -0.2 makes it 0, not -0.
shown as (

    select
        * replace (
            case when finding = 'premium' then {{ rounded_to('premium_percent', 1) }} + 0 end
                as premium_percent,
            case when finding = 'premium' then {{ rounded_to('premium_low_percent', 1) }} + 0 end
                as premium_low_percent,
            case when finding = 'premium' then {{ rounded_to('premium_high_percent', 1) }} + 0 end
                as premium_high_percent,
            -- Eight children at least: more than a cost needs.
            case
                when not is_without_costs then {{ published_cost('mean_gbp_per_week', 8) }}
            end as mean_gbp_per_week,
            case
                when not is_without_costs then {{ published_cost('expected_gbp_per_week', 8) }}
            end as expected_gbp_per_week
        )
    from with_finding

),

final as (

    select
        shown.la_code,
        coalesce(authorities.la_name, 'Region') as area_name,
        shown.authorities,
        shown.placement_type,
        shown.premium_of,
        shown.provider_urn,
        providers.provider_name,
        shown.owner_id,
        owners.owner_name,
        shown.providers,
        shown.provider_sector,
        shown.is_own_service,
        shown.year,
        covered.first_quarter,
        covered.last_quarter,
        coalesce(authorities.is_synthetic, covered.is_synthetic) as is_synthetic,
        shown.children,
        shown.placements,
        shown.finding,
        shown.mean_gbp_per_week,
        shown.expected_gbp_per_week,
        shown.premium_percent,
        shown.premium_low_percent,
        shown.premium_high_percent,
        case
            when shown.finding = 'own service: no premium'
                then
                    'No premium: an own service serves one authority, so what is dear about the '
                    || 'service cannot be told from what is dear about the authority. The price '
                    || 'is what the authority entered, perhaps without its overheads; the '
                    || 'expected cost is what other providers charge for children with like needs.'
            when shown.finding = {{ too_few() }}
                then
                    'Too few to show outside the partnership: a premium needs 5 children, 3 of '
                    || 'them besides those of any one authority; of a single year, and with '
                    || 'costs, 10 and 5, and it must not tell a small count of another year.'
            when shown.finding <> 'premium'
                then
                    'Not enough to compare with: a premium needs 4 providers of the type, and '
                    || 'enough children to know how far apart prices are anyway. See '
                    || 'similar_children.'
            else
                case
                    when shown.premium_low_percent <= 0 and shown.premium_high_percent >= 0
                        then 'May be no difference at all. '
                    else ''
                end
                || case
                    when shown.authorities = 1
                        then
                            'Children of one authority only: that its prices may be high or low '
                            || 'everywhere is allowed for in the interval, not taken off. '
                    else ''
                end
                || case
                    when shown.is_without_costs
                        then 'Of few children, so that their number and costs are not shown. '
                    else ''
                end
                || case
                    when shown.premium_of = 'owner' and shown.providers > 1
                        then
                            'All providers of the type that the newest list says the owner has; '
                            || 'some may have been another owner''s when a price was agreed. '
                    else ''
                end
                || 'Agreed prices at the start, compared for needs as far as the returns tell '
                || 'them, age and quarter. Says nothing of quality, outcomes, what a price '
                || 'includes, or block contracts: ask the provider before you conclude.'
        end as caveats,
        shown.withheld
    from shown
    cross join covered
    left join authorities on shown.la_code = authorities.la_code
    left join providers on shown.provider_urn = providers.urn
    left join owners on shown.owner_id = owners.owner_id

)

select * from final
